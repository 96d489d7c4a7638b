import DLMShapes
import DLMSyntax

// Values as text.
extension Evaluator {
  /// The text of a value; `nil` while checking, where only a run knows it.
  package func printed(_ value: Value, digits: Int?) throws -> String? {
    switch value {
    case .none: return "none"
    case .int(let dim): return dim.constant.map(String.init) ?? "\(dim)"
    case .bool(let known): return known.map { $0 ? "true" : "false" }
    case .string(let text): return text
    case .tensor(let tensor):
      guard let numbers = try read(tensor) else { return tensor.known.map { format($0, digits) } }
      let dims = numbers.count == 1 && tensor.isScalar ? [] : try dims(of: tensor, numbers.count)
      return printed(numbers[...], dims, digits)
    case .list(let items):
      let pieces = try items.map { try printed($0, digits: digits) }
      return pieces.contains { $0 == nil }
        ? nil : "[" + pieces.compactMap { $0 }.joined(separator: ", ") + "]"
    case .tuple(let items):
      let pieces = try items.map { try printed($0, digits: digits) }
      return pieces.contains { $0 == nil }
        ? nil : "(" + pieces.compactMap { $0 }.joined(separator: ", ") + ")"
    case .record, .range, .function, .constructor, .instance, .optimizer, .dataset, .split, .maker,
      .along, .axes:
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
  private func printed(_ numbers: ArraySlice<Double>, _ dims: [Int], _ digits: Int?) -> String {
    guard let first = dims.first else {
      return numbers.first.map { format($0, digits) } ?? ""
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
      pieces.append(printed(numbers[start..<(start + size)], Array(dims.dropFirst()), digits))
    }
    let separator = dims.count > 1 ? ",\n " : ", "
    return "[" + pieces.joined(separator: separator) + "]"
  }

  /// A number with at most `digits` digits behind its point, six of all where nothing is said.
  package func format(_ value: Double, _ digits: Int?) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    if let digits { return fixed(value, digits) }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e6 else {
      // Short scientific form.
      var exponent = 0
      var mantissa = value
      while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(trimmed(fixed(mantissa, 5)))e\(exponent)"
    }
    var whole = 1
    var bound = 10.0
    while magnitude >= bound { (whole, bound) = (whole + 1, bound * 10) }
    return trimmed(fixed(value, max(0, 6 - whole)))
  }

  private func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<min(digits, 15) { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let number = Int(scaled)
    let sign = value < 0 && number != 0 ? "-" : ""
    let whole = number / Int(scale)
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(number % Int(scale))
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  private func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = Substring(text)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
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
