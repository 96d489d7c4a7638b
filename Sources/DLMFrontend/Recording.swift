import DLMShapes
import DLMSyntax

/// What a check has found at the places of one file, for whoever shows it: an editor.
///
/// A place inside a layer or a loop is walked as often as it is used; what it was then is kept as one
/// sighting that says where the walks differ.
package final class Recording {
  /// What an expression or a name stood for. A class, so that it is handed on without copying.
  package final class Sighting {
    /// When it was seen first.
    package let value: Value
    /// Of a tensor, with what the facts knew of its dims.
    package fileprivate(set) var type: SeenType?
    /// Whether a whole number was this one every time.
    package fileprivate(set) var isAlwaysSame = true

    init(_ value: Value, _ type: SeenType?) {
      self.value = value
      self.type = type
    }
  }

  /// The file that is looked at.
  private var module: Module?
  private var values: [Sighting?] = []
  /// Stages of pipes: what each has made of what it got.
  package private(set) var stages: [ExpressionID: Sighting] = [:]
  /// Names that statements bind, by where they stand.
  package private(set) var bindings: [Span: Sighting] = [:]
  /// Layers by the constructor that made them.
  package private(set) var made: [ExpressionID: [Instance]] = [:]
  /// Layers of the file that were walked, by the name of their declaration.
  package private(set) var instances: [String: [Instance]] = [:]
  /// The expression whose value somebody wants to go on with, and what it and the walk were there.
  package var wanted: ExpressionID?
  package private(set) var found: (value: Value, frame: Frame)?
  /// Asked before every statement; once it is true the walk ends as soon as it can.
  package var isAbandoned: () -> Bool = { false }

  package init() {}

  func begin(_ module: Module) {
    self.module = module
    values = Array(repeating: nil, count: module.tree.expressionCount)
  }

  /// What expression `id` stood for, where it was walked.
  package subscript(id: ExpressionID) -> Sighting? {
    values.indices.contains(id.position) ? values[id.position] : nil
  }

  func note(_ value: Value, at id: ExpressionID, _ frame: Frame) {
    guard frame.module === module else { return }
    if id == wanted, found == nil { found = (value, frame) }
    Self.add(value, to: &values[id.position], frame)
  }

  func note(stage value: Value, at id: ExpressionID, _ frame: Frame) {
    guard frame.module === module else { return }
    // The stage itself is what the function gives, not the function.
    if id == wanted { found = (value, frame) }
    Self.add(value, to: &stages[id], frame)
  }

  func note(_ value: Value, boundTo name: Name, _ frame: Frame) {
    guard frame.module === module else { return }
    Self.add(value, to: &bindings[name.span], frame)
  }

  func note(made instance: Instance, at id: ExpressionID, _ frame: Frame) {
    guard frame.module === module, !(made[id]?.contains { $0 === instance } ?? false) else {
      return
    }
    made[id, default: []].append(instance)
  }

  func note(walked instance: Instance) {
    let name = instance.declaration.name.text
    guard instance.module === module,
      !(instances[name]?.contains { $0 === instance } ?? false)
    else { return }
    instances[name, default: []].append(instance)
  }

  /// Types of tensors, those of stages and of names that are bound, in the order of the text.
  package var types: [(place: Span, type: SeenType)] {
    guard let module else { return [] }
    let stages = stages.compactMap { id, seen in seen.type.map { (module.tree.span(id), $0) } }
    let names = bindings.compactMap { place, seen in seen.type.map { (place, $0) } }
    return (stages + names).sorted { ($0.0.start, $0.0.end) < ($1.0.start, $1.0.end) }
  }

  private static func add(_ value: Value, to sighting: inout Sighting?, _ frame: Frame) {
    let type: SeenType? =
      if case .tensor(let tensor) = value { SeenType(tensor.type, frame.facts) } else { nil }
    guard let seen = sighting else {
      sighting = Sighting(value, type)
      return
    }
    if let type { seen.type?.merge(type) }
    if case .int(let dim) = value, case .int(let known) = seen.value, dim != known {
      seen.isAlwaysSame = false
    }
  }
}

/// The type of a tensor as often as it was seen: an axis that was not always as long is told by the
/// lengths that it had, `8|16`.
package struct SeenType {
  private let first: TensorType
  private var dims: [Dim]
  /// All lengths of each axis, once they differ.
  private var lengths: [[String]] = []
  /// Whether it had another number of axes at another time.
  private var variesInRank = false
  /// More lengths than these are told by a sign that there are more.
  private static let mostLengths = 3

  init(_ type: TensorType, _ facts: Facts) {
    first = type
    dims = type.dims.map { facts.normal($0) }
  }

  fileprivate mutating func merge(_ other: SeenType) {
    guard dims.count == other.dims.count else {
      variesInRank = true
      return
    }
    for axis in dims.indices where dims[axis] != other.dims[axis] {
      let isOpen = dims[axis].constant == nil
      // One length of many that a symbol stands for is nothing new.
      if isOpen, other.dims[axis].constant != nil { continue }
      if lengths.isEmpty { lengths = dims.map { ["\($0)"] } }
      let length = "\(other.dims[axis])"
      if !isOpen, other.dims[axis].constant == nil {
        dims[axis] = other.dims[axis]
        lengths[axis] = [length]
      } else if !lengths[axis].contains(length) {
        lengths[axis].append(length)
      }
    }
  }
}

extension SeenType: CustomStringConvertible {
  /// `real[B, 320]`; a number alone is `real`.
  package var description: String {
    let word = first.word
    if variesInRank { return "\(word)[...]" }
    if dims.isEmpty { return word }
    let texts =
      lengths.isEmpty
      ? dims.map { "\($0)" }
      : lengths.map { all in
        all.prefix(Self.mostLengths).joined(separator: "|")
          + (all.count > Self.mostLengths ? "|…" : "")
      }
    return "\(word)[\(texts.joined(separator: ", "))]"
  }
}
