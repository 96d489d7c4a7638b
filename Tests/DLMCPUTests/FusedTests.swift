import DLMTensor
import Testing

/// Functions of functions, which one pass over a tile may do together.
@Suite struct FusedTests {
  /// What may stand on either side of an operation: steps over three inputs, the last one the result.
  enum Side: CaseIterable {
    case input, sum, difference, product, quotient, root, scaledRoot, longProduct, scaledDifference

    /// Functions, with operands counted from the first input on: 0, 1 and 2, then the steps.
    var steps: [(ScalarFunction, [Int])] {
      switch self {
      case .input: []
      case .sum: [(.add, [0, 1])]
      case .difference: [(.subtract, [0, 1])]
      case .product: [(.multiply, [0, 1])]
      case .quotient: [(.divide, [0, 1])]
      case .root: [(.sqrt, [0])]
      case .scaledRoot: [(.sqrt, [0]), (.multiply, [1, 3])]
      case .longProduct: [(.multiply, [0, 1]), (.multiply, [2, 3])]
      case .scaledDifference: [(.subtract, [0, 1]), (.multiply, [3, 2])]
      }
    }
  }

  @Test(arguments: [ScalarFunction.add, .subtract, .multiply], Side.allCases)
  func `operations on results of others agree with the reference`(
    _ function: ScalarFunction, _ left: Side
  ) throws {
    for right in Side.allCases {
      for domain in [ElementType.f32, .f64, .i64] {
        // Roots and quotients of integers are real numbers, so that no program in integers has any.
        let isReal = [left, right].contains {
          $0.steps.contains { [.sqrt, .divide].contains($0.0) }
        }
        if domain == .i64, isReal { continue }
        let type = domain == .i64 ? ElementType.i32 : domain
        let operands = (0..<6).map { _ in Array_([37], type, in: 1...4) }
        try expectAgreement(
          .map(program(function, left, right, domain)), operands, [Array_([37], domain)],
          within: 1e-5)
      }
    }
  }

  @Test func `a choice by a comparison agrees with the reference`() throws {
    let program = ScalarProgram(
      domain: .f32, inputCount: 4, steps: [.apply(.less, [0, 1]), .apply(.select, [4, 2, 3])],
      outputs: [5])
    try expectAgreement(
      .map(program), (0..<4).map { _ in Array_([37]) }, [Array_([37])], within: 0)
  }

  /// A value that is a result too is there, though the next operation might have taken it in.
  @Test func `what lies between is kept where it is wanted`() throws {
    let program = ScalarProgram(
      domain: .f32, inputCount: 3,
      steps: [.apply(.multiply, [0, 1]), .apply(.add, [3, 2]), .apply(.multiply, [4, 4])],
      outputs: [3, 5])
    try expectAgreement(
      .map(program), (0..<3).map { _ in Array_([37]) }, [Array_([37]), Array_([37])], within: 2e-6)
  }

  private func program(
    _ function: ScalarFunction, _ left: Side, _ right: Side, _ domain: ElementType
  ) -> ScalarProgram {
    var steps: [ScalarProgram.Step] = []
    let results = [left, right].enumerated().map { number, side in
      let begin = 6 + steps.count
      for (function, operands) in side.steps {
        steps.append(.apply(function, operands.map { $0 < 3 ? 3 * number + $0 : begin + $0 - 3 }))
      }
      return side.steps.isEmpty ? 3 * number : 5 + steps.count
    }
    steps.append(.apply(function, results))
    return ScalarProgram(
      domain: domain, inputCount: 6, steps: steps, outputs: [5 + steps.count])
  }
}
