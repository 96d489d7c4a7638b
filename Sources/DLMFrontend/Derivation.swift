import DLMOperators
import DLMShapes

/// What the dims of a declared result were computed of: `(S + 2*pad - k) div stride + 1` with the values
/// of its names.
struct Derivation {
  private let entries: [DimPattern]
  private let bindings: DimBindings

  /// - Returns: `nil` for a type that computes nothing.
  init?(_ pattern: TypePattern, _ bindings: DimBindings) {
    guard case .tensor(_, let entries) = pattern else { return nil }
    let computed = entries.filter { $0.arithmetic != nil }
    if computed.isEmpty { return nil }
    self.init(computed, bindings)
  }

  private init(_ entries: [DimPattern], _ bindings: DimBindings) {
    self.entries = entries
    self.bindings = bindings
  }

  /// With the lengths of a call in place of their numbers.
  func with(_ lengths: [Dim]) -> Derivation {
    Derivation(entries, bindings.mapValues { $0.map { $0.replacingNumbered(with: lengths) } })
  }

  /// The arithmetic, each once: `28 - 5 + 1`.
  func text(_ facts: Facts) -> String {
    let known = bindings.mapValues { $0.map { facts.normal($0) } }
    var texts: [String] = []
    for entry in entries {
      guard case .single(let expression)? = entry.arithmetic else { continue }
      let count = expression.names.compactMap { known[$0] }.map(\.dims.count).max() ?? 1
      for axis in 0..<(entry.isSpread ? count : 1) {
        let text = expression.derivation(with: known, axis: axis)
        if !texts.contains(text) { texts.append(text) }
      }
    }
    return texts.joined(separator: ", ")
  }
}

extension DimPattern {
  /// The entry if it computes something, as a single dim.
  fileprivate var arithmetic: DimPattern? {
    switch self {
    case .single(.name), .single(.integer), .pack(.name), .rest, .wildcard: nil
    case .single: self
    case .pack(let expression): .single(expression)
    }
  }

  fileprivate var isSpread: Bool {
    if case .pack = self { true } else { false }
  }
}
