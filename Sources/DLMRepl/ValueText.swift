import DLMFrontend
import DLMInterpreter
import DLMShapes
import DLMSyntax

/// What a prompt says of a value: its type, its text, and numbers about it.
package struct ValueText {
  /// `real[4, 10]`, `int`, `layer Net`.
  package var type: String
  /// The value itself, where it can be written.
  package var text: String?
  /// `mean 0.01  std 1.00`, `21 840 params`.
  package var detail: String?
}

extension InteractiveSession {
  /// Elements up to which a bound tensor is shown and not only described.
  private static let shownElements = 12
  /// Lines up to which a tensor is shown at all; `print` writes it whatever its size.
  private static let shownLines = 32

  /// - Parameters:
  ///   - isBound: whether it has a name to ask for it by; a long tensor is then only described.
  package func describe(_ value: Value, width: Int, isBound: Bool) throws -> ValueText? {
    switch value.normal(program.frame.facts) {
    case .none, .failed: return nil
    case .int(let dim): return ValueText(type: "int", text: "\(dim)")
    case .bool(let known): return ValueText(type: "bool", text: known.map { "\($0)" })
    case .string(let text): return ValueText(type: "string", text: text.map { "\"\($0)\"" })
    case .tensor(let tensor): return try describe(tensor, width: width, isBound: isBound)
    case .list(let items, _):
      if let tensor = try tensor(of: value) {
        return try describe(tensor, width: width, isBound: isBound)
      }
      return ValueText(
        type: "list of \(items.count)", text: try evaluator.printed(value, digits: nil))
    case .tuple(let items):
      let parts = try items.map { try describe($0, width: width, isBound: true) }
      return ValueText(
        type: "(" + parts.map { $0?.type ?? "none" }.joined(separator: ", ") + ")",
        text: try evaluator.printed(value, digits: nil))
    case .record(let fields):
      let names = fields.map(\.name).joined(separator: ", ")
      return ValueText(type: "record of \(names)", text: try evaluator.printed(value, digits: nil))
    case .range(let low, let high): return ValueText(type: "range", text: "\(low)..<\(high)")
    case .function(let function):
      return ValueText(type: "function", text: nil, detail: function.declaration.signature)
    case .builtin(let name): return ValueText(type: "function", text: nil, detail: name)
    case .recomputed, .objective: return ValueText(type: "function")
    case .constructor(let constructor):
      switch constructor.declared {
      case .layer: return ValueText(type: "layer \(constructor.name)")
      case .optimizer: return ValueText(type: "optimizer \(constructor.name)")
      }
    case .instance(let instance):
      let count = parameterCount(of: instance).map { "\($0.grouped) params" }
      return ValueText(type: instance.declaration.name.text, detail: count)
    case .optimizer(let optimizer):
      return ValueText(type: "optimizer \(optimizer.declaration.name.text)")
    case .schedule(let schedule, _): return ValueText(type: "schedule \(schedule.name.text)")
    case .dataset(let data): return describe(data)
    case .split(let split):
      return ValueText(type: "rows of \(split.title)", detail: "\(split.rows.grouped) rows")
    case .maker: return ValueText(type: "maker of tensors")
    case .along(let tensor, let axis):
      return ValueText(type: "\(tensor.type) along \(axis)")
    case .picture: return ValueText(type: "picture", detail: "`:plot` shows it")
    case .anyNumber: return ValueText(type: value.typeText ?? "list")
    case .axes(let axes): return ValueText(type: "axes", text: "\(axes)")
    }
  }

  private func describe(_ tensor: TensorValue, width: Int, isBound: Bool) throws -> ValueText {
    let type = "\(tensor.type)"
    guard let values = try evaluator.read(tensor) else { return ValueText(type: type) }
    if tensor.isScalar {
      let isBool = tensor.type.kind == .bool
      let text = values.first.map { isBool ? ($0 != 0 ? "true" : "false") : NumberText.of($0) }
      return ValueText(type: type, text: text)
    }
    let dims = tensor.handle?.dims ?? [values.count]
    var result = ValueText(type: type)
    let style = TensorText(width: width)
    let isShown = isBound ? values.count <= Self.shownElements : style.rows(dims) <= Self.shownLines
    if isShown {
      result.text = style.text(dims: dims, values, isBool: tensor.type.kind == .bool)
    }
    if values.count > Self.shownElements { result.detail = Self.summary(values, tensor.type) }
    return result
  }

  /// `mean 0.01  std 1.00`, and how many elements are no numbers.
  private static func summary(_ values: [Double], _ type: TensorType) -> String? {
    guard type.kind.isReal else { return nil }
    let finite = values.filter(\.isFinite)
    guard !finite.isEmpty else { return "no finite element" }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let squares = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let std = (squares / Double(finite.count)).squareRoot()
    let lost = values.count - finite.count
    return "mean \(short(mean))  std \(short(std))"
      + (lost > 0 ? "  \(lost.grouped) not finite" : "")
  }

  private static func short(_ value: Double) -> String {
    abs(value) >= 0.005 && abs(value) < 1e4 || value == 0
      ? NumberText.of(value, digits: 2) : NumberText.of(value)
  }

  private func describe(_ data: Dataset) -> ValueText {
    let facts = program.frame.facts
    let fields = data.fields.map { "\($0.name): \(typeText(.tensor(.init($0.type)), facts))" }
    let rows = data.counts.map { "\($0.split.isEmpty ? "" : $0.split + " ")\($0.rows.grouped)" }
    return ValueText(
      type: "data", text: fields.joined(separator: ", "),
      detail: rows.joined(separator: ", ") + " rows")
  }
}

extension InteractiveSession {
  /// A tensor, or a list of numbers as one.
  func tensor(of value: Value) throws -> TensorValue? {
    switch value {
    case .tensor(let tensor), .list(_, let tensor?): tensor
    case .list(let items, nil): try evaluator.literal(items)
    default: nil
    }
  }

  /// The type of a value, with dims as numbers where they are known.
  func typeText(_ value: Value, _ facts: Facts) -> String {
    let value = value.normal(facts)
    if case .int = value { return "int" }
    if case .bool = value { return "bool" }
    if case .string = value { return "string" }
    let tensor = (try? self.tensor(of: value)).flatMap { $0 }
    return tensor.map { "\($0.type)" } ?? value.sort
  }
}

extension FunctionDeclaration {
  fileprivate var signature: String {
    "(" + parameters.map(\.name.text).joined(separator: ", ") + ")"
  }
}
