import DLMOperators
import DLMSyntax

/// `precision bf16 keep f32 for norm, loss`: how products round what they multiply.
///
/// Sums, everything between products, parameters and updates stay `f32`.
package struct Precision: Hashable, Sendable {
  /// Words for layers whose products round nothing; `loss` stands for losses.
  private let exceptions: [String]
  private var isRounding: Bool

  /// Formats that products can have.
  static let formats = ["bf16", "f32"]

  init(exceptions: [String]) {
    self.exceptions = exceptions
    isRounding = true
  }

  /// Rounds nothing in what is called `name` if that is excepted: `norm` stands for `BatchNorm` too.
  mutating func leave(_ name: String) {
    if exceptions.contains(where: { name.isCalled($0) }) { isRounding = false }
  }

  func rounds(_ operation: Operator) -> Bool {
    guard isRounding else { return false }
    switch operation.lowering {
    case .matmul, .convolve, .convolveInputGradient: return true
    default: return false
    }
  }
}

extension String {
  /// Whether `word` is this name, but for digits behind it, or the last word in it: `batchNorm1` is
  /// called `norm`.
  func isCalled(_ word: String) -> Bool {
    let name = String(reversed().drop { $0.isNumber }.reversed())
    if name == word || self == word { return true }
    guard let start = name.lastIndex(where: \.isUppercase) else { return false }
    return name[start...].lowercased() == word.lowercased()
  }
}

extension Evaluator {
  /// The precision that a clause asks for; `nil` for `f32`.
  package func precision(_ format: Name, keep: Name?, for names: [Name], _ frame: Frame) throws
    -> Precision?
  {
    guard Precision.formats.contains(format.text) else {
      throw Failure(
        .unknownOption(
          format.text, of: "precision", nearest(to: format.text, among: Precision.formats),
          frame.label(format.span)))
    }
    if let keep, keep.text != "f32" {
      throw Failure(
        .unknownOption(keep.text, of: "keep", "f32", frame.label(keep.span)))
    }
    return format.text == "f32" ? nil : Precision(exceptions: names.map(\.text))
  }

  /// Operands of a product, rounded. The gradient passes as if nothing was rounded.
  func rounded(
    _ operands: [TensorValue], for operation: Operator, _ precision: Precision,
    at place: ExpressionID, _ frame: inout Frame
  ) throws -> [TensorValue] {
    guard machine != nil, precision.rounds(operation) else { return operands }
    return try operands.map { operand in
      // x + (r - x) is r without error, since r is near x.
      let near = try apply(operator: "round_bf16", [operand], at: place, &frame)
      let change = try apply(operator: "subtract", [near, operand], at: place, &frame)
      let constant = try apply(.stopGradient, [change], at: place, &frame)
      return try apply(operator: "add", [operand, constant], at: place, &frame)
    }
  }
}
