import DLMShapes

// What values and types are called in a margin or a list, in a few words.
extension Recording.Sighting {
  /// The type as it is shown; `nil` where there is nothing to say.
  package var text: String? {
    if let type { return "\(type)" }
    return isAlwaysSame ? value.typeText : value.typeText?.plainType
  }
}

extension Value {
  /// What a person would call the type of a value that is no tensor.
  package var typeText: String? {
    switch self {
    case .none, .failed, .axes: nil
    case .int(let dim): dim.constant.map { "int = \($0)" } ?? "int = \(dim)"
    case .bool: "bool"
    case .string: "string"
    case .tensor(let tensor): tensor.type.plain
    case .list(let items, _): items.first?.typeText.map { "[\($0.plainType)]" } ?? "list"
    case .anyNumber(let one): one.typeText.map { "[\($0.plainType)]" } ?? "list"
    case .tuple(let items):
      "(\(items.map { $0.typeText?.plainType ?? "_" }.joined(separator: ", ")))"
    case .record(let fields):
      "(\(fields.map { "\($0.name): \($0.value.typeText?.plainType ?? "_")" }.joined(separator: ", ")))"
    case .range: "range"
    case .function, .recomputed, .objective, .builtin: "fn"
    case .constructor(let constructor): constructor.name
    case .instance(let instance):
      [instance].parameterText.map { "\(instance.declaration.name.text) · \($0)" }
        ?? instance.declaration.name.text
    case .optimizer(let optimizer): optimizer.declaration.name.text
    case .schedule: "schedule"
    case .dataset(let dataset): "data, \(dataset.rowText)"
    case .split(let split): "data, \(split.rows.grouped) rows"
    case .maker: "maker of tensors"
    case .along(let tensor, let axis): "\(tensor.type) along \(axis)"
    case .picture: "picture"
    }
  }
}

extension String {
  /// The type without the value: `int` of `int = 3`.
  fileprivate var plainType: String {
    firstIndex(of: "=").map { String(self[..<$0].dropLast()) } ?? self
  }
}

extension TensorType {
  /// A number alone is `real`, not `real[]`.
  package var plain: String { dims.isEmpty ? word : "\(self)" }
}

extension Dataset {
  package var rowText: String {
    counts.map { $0.split.isEmpty ? $0.rows.grouped : "\($0.split) \($0.rows.grouped)" }
      .joined(separator: ", ") + " rows"
  }
}

extension [Instance] {
  /// How many numbers a layer trains: `21 840 params`; from the fewest to the most where they differ.
  package var parameterText: String? {
    let counts = map(\.parameterCount)
    guard let first = counts.first, counts.contains(where: { $0 != 0 }) else { return nil }
    let numbers = counts.compactMap(\.constant)
    if numbers.count == counts.count, let least = numbers.min(), let most = numbers.max(),
      least != most
    {
      return "\(least.grouped) to \(most.grouped) params"
    }
    let texts = Set(counts.map { $0.constant?.grouped ?? "\($0)" })
    return texts.count == 1 ? "\(first.constant?.grouped ?? "\(first)") params" : nil
  }
}
