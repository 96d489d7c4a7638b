import DLMCPU
import DLMTensor
import Testing

@Suite struct ProductTests {
  static let sizes: [[Int]] = [
    [1, 1, 1], [2, 3, 4], [6, 16, 16], [7, 17, 33], [1, 50, 10], [128, 20, 10], [4, 2, 8],
    [13, 1100, 19], [64, 31, 50], [300, 40, 70], [5, 0, 6], [33, 64, 1], [40, 65, 48],
    [3, 20, 71], [8, 37, 41], [15, 9, 47], [70, 40, 200],
  ]

  @Test(arguments: sizes)
  func `products of any shape and strides agree with the reference`(_ size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    let (a, b, c) = (Array_([m, k]), Array_([k, n]), Array_([m, n]))
    for left in [a, a.stored([1, 0])] {
      for right in [b, b.stored([1, 0])] {
        for result in [c, c.stored([1, 0]), Array_([m, n], strides: [2 * n + 1, 2])] {
          try expectAgreement(.matmul(epilogue: nil), [left, right], [result], within: 1e-5)
        }
      }
    }
  }

  @Test func `batches may be broadcast and transposed`() throws {
    let a = Array_([3, 2, 9, 20])
    let b = Array_([3, 2, 20, 40])
    for left in [a, a.broadcast([0]), a.stored([2, 0, 1, 3]), a.stored([0, 1, 3, 2])] {
      for right in [b, b.broadcast([0, 1]), b.stored([3, 1, 0, 2])] {
        for result in [Array_([3, 2, 9, 40]), Array_([3, 2, 9, 40]).stored([0, 2, 1, 3])] {
          try expectAgreement(.matmul(epilogue: nil), [left, right], [result], within: 1e-5)
        }
      }
    }
  }

  @Test(arguments: [[128, 30, 10], [7, 9, 100], [130, 5, 70]])
  func `epilogues are applied to finished sums`(_ size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    let bias = Array_([m, n]).broadcast([0])
    let add = ScalarProgram(.add)
    let relu = ScalarProgram(
      domain: .f32, inputCount: 2,
      steps: [.apply(.add, [0, 1]), .constant(0), .apply(.maximum, [2, 3])], outputs: [4])
    let gate = ScalarProgram(
      domain: .f32, inputCount: 3,
      steps: [.apply(.add, [0, 1]), .apply(.tanh, [3]), .apply(.multiply, [4, 2])], outputs: [5])
    let reluGradient = ScalarProgram(
      domain: .f32, inputCount: 3,
      steps: [
        .apply(.add, [0, 1]), .constant(0), .apply(.less, [4, 2]), .apply(.select, [5, 3, 4]),
      ], outputs: [6])
    let product = ScalarProgram(
      domain: .f32, inputCount: 3,
      steps: [.apply(.add, [0, 1]), .apply(.multiply, [2, 3])], outputs: [4])
    for result in [Array_([m, n]), Array_([m, n]).stored([1, 0])] {
      let operands = [Array_([m, k]), Array_([k, n]), bias]
      try expectAgreement(
        .matmul(epilogue: product), operands + [Array_([m, n])], [result], within: 1e-5)
      try expectAgreement(.matmul(epilogue: add), operands, [result], within: 1e-5)
      try expectAgreement(
        .matmul(epilogue: reluGradient), operands + [Array_([m, n])], [result], within: 1e-5)
      try expectAgreement(.matmul(epilogue: relu), operands, [result], within: 1e-5)
      try expectAgreement(
        .matmul(epilogue: gate), operands + [Array_([m, n])], [result], within: 1e-5)
    }
  }

  @Test(arguments: [[128, 30, 10], [7, 9, 100], [130, 5, 70], [32, 300, 260], [9, 12, 40]])
  func `rows and matrices are added in any order`(_ size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    let (row, matrix) = (Array_([m, n]).broadcast([0]), Array_([m, n]))
    let column = Array_([m, n]).broadcast([1])
    let both = ScalarProgram(
      domain: .f32, inputCount: 3, steps: [.apply(.add, [0, 1]), .apply(.add, [2, 3])], outputs: [4]
    )
    // The first addend is read again, so that it stays an operand of what follows.
    let again = ScalarProgram(
      domain: .f32, inputCount: 3,
      steps: [.apply(.add, [1, 0]), .apply(.add, [3, 2]), .apply(.multiply, [4, 1])], outputs: [5])
    let operands = [Array_([m, k]), Array_([k, n])]
    for extra in [
      [row, matrix], [matrix, row], [row, row], [column, matrix], [matrix, column],
    ] {
      for program in [both, again] {
        try expectAgreement(
          .matmul(epilogue: program), operands + extra, [Array_([m, n])], within: 1e-5)
      }
    }
  }

  @Test(arguments: [[128, 30, 10], [7, 9, 100], [1, 5, 70], [40, 7, 530]])
  func `an epilogue may have several results`(_ size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    // x = sum + bias, its sigmoid, and the sum of both.
    let program = ScalarProgram(
      domain: .f32, inputCount: 2,
      steps: [.apply(.add, [0, 1]), .apply(.sigmoid, [2]), .apply(.add, [2, 3])],
      outputs: [2, 3, 4])
    // The sum itself, and what others need of it.
    let plain = ScalarProgram(
      domain: .f32, inputCount: 2,
      steps: [.apply(.multiply, [0, 1]), .apply(.less, [2, 1])], outputs: [0, 2, 3])
    let operands = [Array_([m, k]), Array_([k, n]), Array_([m, n]).broadcast([0])]
    for result in [Array_([m, n]), Array_([m, n]).stored([1, 0])] {
      try expectAgreement(
        .matmul(epilogue: program), operands, [result, Array_([m, n]), Array_([m, n])], within: 1e-5
      )
      try expectAgreement(
        .matmul(epilogue: plain), operands, [result, Array_([m, n]), Array_([m, n], .bool)],
        within: 1e-5)
    }
  }

  @Test(arguments: [
    [128, 30, 10], [7, 9, 100], [1, 5, 70], [13, 600, 70], [300, 9, 20], [20, 3, 1100],
  ])
  func `an epilogue may write where it reads`(_ size: [Int]) throws {
    let (m, k, n) = (size[0], size[1], size[2])
    // A mean of gradients, and a parameter that moves by it at a rate.
    let program = ScalarProgram(
      domain: .f32, inputCount: 4,
      steps: [
        .constant(0.5), .apply(.multiply, [1, 4]), .apply(.add, [5, 0]),
        .apply(.multiply, [6, 3]), .apply(.subtract, [2, 7]),
      ], outputs: [6, 8])
    // A sum that only adds the gradient.
    let sum = ScalarProgram(
      domain: .f32, inputCount: 2, steps: [.apply(.add, [0, 1])], outputs: [2])
    let rate = Array_([m, n]).broadcast([0, 1])
    let factors = [Array_([m, k]), Array_([k, n])]
    for kept in [Array_([m, n]), Array_([m, n]).stored([1, 0])] {
      try expectAgreement(
        .matmul(epilogue: program), factors + [kept, kept, rate], [kept, kept], replacing: [2, 3],
        within: 1e-5)
      try expectAgreement(
        .matmul(epilogue: sum), factors + [kept], [kept], replacing: [2], within: 1e-5)
    }
  }

  @Test(arguments: [ElementType.f64, .i32])
  func `other element types agree`(_ type: ElementType) throws {
    try expectAgreement(
      .matmul(epilogue: nil), [Array_([4, 5], type, in: 0...5), Array_([5, 6], type, in: 0...5)],
      [Array_([4, 6], type)])
  }
}
