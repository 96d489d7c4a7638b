import DLMShapes
import DLMSyntax

// Values as text.
extension Evaluator {
  /// The text of a value; `nil` while checking, where only a run knows it.
  package func printed(_ value: Value, digits: Int?) throws -> String? {
    switch value {
    case .none: return "none"
    case .anyNumber: return nil
    case .int(let dim): return dim.constant.map(String.init) ?? "\(dim)"
    case .bool(let known): return known.map { $0 ? "true" : "false" }
    case .string(let text): return text
    case .tensor(let tensor):
      guard let numbers = try read(tensor) else {
        return tensor.known.map { NumberText.of($0, digits: digits) }
      }
      let dims = numbers.count == 1 && tensor.isScalar ? [] : try dims(of: tensor, numbers.count)
      if tensor.type.kind == .bool {
        return printed(numbers[...], dims) { $0 != 0 ? "true" : "false" }
      }
      return printed(numbers[...], dims) { NumberText.of($0, digits: digits) }
    case .list(let items, _):
      let pieces = try items.map { try printed($0, digits: digits) }
      return pieces.contains { $0 == nil }
        ? nil : "[" + pieces.compactMap { $0 }.joined(separator: ", ") + "]"
    case .tuple(let items):
      let pieces = try items.map { try printed($0, digits: digits) }
      return pieces.contains { $0 == nil }
        ? nil : "(" + pieces.compactMap { $0 }.joined(separator: ", ") + ")"
    case .record(let fields):
      let pieces = try fields.map { field in
        try printed(field.value, digits: digits).map { "\(field.name): \($0)" }
      }
      return pieces.contains { $0 == nil }
        ? nil : "(" + pieces.compactMap { $0 }.joined(separator: ", ") + ")"
    case .range(let low, let high): return "\(low)..<\(high)"
    case .function, .recomputed, .objective, .builtin, .constructor, .instance, .optimizer,
      .schedule,
      .dataset,
      .split, .maker,
      .along, .axes, .picture:
      return value.sort
    case .failed: throw Failure(nil)
    }
  }

  /// The numbers that the dims of a tensor are, in a run.
  private func dims(of tensor: TensorValue, _ count: Int) throws -> [Int] {
    if let handle = tensor.handle { return handle.dims }
    return [count]
  }

  /// Rows of at most `edge * 2` entries; what is left out is `...`.
  private func printed(
    _ numbers: ArraySlice<Double>, _ dims: [Int], _ text: (Double) -> String
  ) -> String {
    guard let first = dims.first else {
      return numbers.first.map(text) ?? ""
    }
    let edge = 3
    let size = dims.dropFirst().reduce(1, *)
    var pieces: [String] = []
    for index in 0..<first {
      if first > 2 * edge + 4, index == edge {
        pieces.append("...")
      }
      if first > 2 * edge + 4, (edge..<(first - edge)).contains(index) { continue }
      let start = numbers.startIndex + index * size
      let piece = printed(numbers[start..<(start + size)], Array(dims.dropFirst()), text)
      // Rows stand below one another, one place to the right of each bracket around them.
      pieces.append(piece.replacing("\n", with: "\n "))
    }
    let separator = dims.count > 1 ? ",\n " : ", "
    return "[" + pieces.joined(separator: separator) + "]"
  }

  /// The value that `--set name=text` gives, of the sort of the one in the program.
  func overridden(_ name: String, _ text: String, _ value: Value, _ label: Diagnostic.Label) throws
    -> Value
  {
    switch value {
    case .int: if let number = Int(text) { return .int(Dim(number)) }
    case .tensor(let tensor) where tensor.isScalar:
      if let number = Double(text) { return .number(number) }
    case .bool:
      if let flag = ["true": true, "false": false][text] { return .bool(flag) }
    case .string: return .string(text)
    default: break
    }
    throw Failure(.cannotOverride(name, text, value.sort, label))
  }
}
