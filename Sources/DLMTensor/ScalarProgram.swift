import CDLMKernels

package typealias ScalarFunction = CDLMKernels.ScalarFunction

/// A straight-line computation on one element of each operand: a fused chain of element-wise
/// operators.
///
/// Registers `0..<inputCount` hold the operands' elements; each step adds one register. Operands are
/// converted to `domain` when they are read, results to their own element type when written.
package struct ScalarProgram: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    case constant(Double)
    /// Applies a function to registers, as many as its arity.
    case apply(ScalarFunction, [Int])
  }

  /// What the arithmetic is done in: `.f32`, `.f64` or `.i64`.
  package var domain: ElementType
  package var inputCount: Int
  package var steps: [Step]
  /// The register that each result is written from.
  package var outputs: [Int]

  package init(domain: ElementType, inputCount: Int, steps: [Step], outputs: [Int]) {
    self.domain = domain
    self.inputCount = inputCount
    self.steps = steps
    self.outputs = outputs
  }

  /// One function applied to as many operands as it takes.
  package init(_ function: ScalarFunction, domain: ElementType = .f32) {
    let arity = Int(dlm_function_arity(function))
    self.init(
      domain: domain, inputCount: arity, steps: [.apply(function, Array(0..<arity))],
      outputs: [arity])
  }

  /// Writes its only operand to its only result: copies, conversions, changes of layout.
  package static func copy(domain: ElementType = .f32) -> ScalarProgram {
    ScalarProgram(domain: domain, inputCount: 1, steps: [], outputs: [0])
  }

  package var registerCount: Int { inputCount + steps.count }
}

extension ScalarFunction {
  package var arity: Int { Int(dlm_function_arity(self)) }
  package var name: String { String(cString: dlm_function_name(self)) }
}
