import DLMCPU
import DLMTensor
import Testing

@Suite struct ReduceTests {
  static let shapes: [([Int], [Int])] = [
    ([1], [0]), ([7], [0]), ([100_000], [0]), ([128, 10], [1]), ([128, 10], [0]), ([700, 33], [0]),
    ([33, 700], [1]), ([5, 2000], [1]), ([4, 6, 50], [1]), ([4, 6, 50], [0, 2]), ([3, 5, 7], []),
    ([2, 12, 12, 10, 32], [0, 1, 2, 4]), ([2, 24, 24, 3, 16], [0, 1, 2, 4]), ([40, 3000], [0]),
    ([2, 3, 4], [0, 1, 2]), ([0, 4], [0]), ([6, 0], [1]), ([900, 2, 40], [0, 1]), ([1, 8, 1], [1]),
  ]

  @Test(arguments: shapes)
  func `every reduction over any axes agrees with the reference`(_ dims: [Int], _ axes: [Int])
    throws
  {
    var reduced = dims
    for axis in axes { reduced[axis] = 1 }
    for reduction in [Reduction.sum, .product, .max, .min] {
      try expectAgreement(
        .reduce(reduction, .copy(), axes: axes),
        [Array_(dims, in: reduction == .product ? 0.97...1.03 : -1...1)], [Array_(reduced)],
        within: 1e-5)
    }
    let square = ScalarProgram(.multiply)
    try expectAgreement(
      .reduce(.sum, square, axes: axes),
      [Array_(dims), Array_(dims).stored(Array(dims.indices.reversed()))], [Array_(reduced)],
      within: 1e-5)
  }

  @Test(arguments: shapes)
  func `several reductions of the same operands are done at once`(_ dims: [Int], _ axes: [Int])
    throws
  {
    var reduced = dims
    for axis in axes { reduced[axis] = 1 }
    let program = ScalarProgram(
      domain: .f32, inputCount: 2, steps: [.apply(.multiply, [0, 1]), .constant(0.5)],
      outputs: [2, 0, 3])
    for reduction in [Reduction.sum, .max] {
      try expectAgreement(
        .reduce(reduction, program, axes: axes), [Array_(dims), Array_(dims)],
        Array(repeating: Array_(reduced), count: 3), within: 1e-5)
    }
  }

  @Test func `other domains and types agree`() throws {
    for (domain, type) in [
      (ElementType.f64, ElementType.f64), (.i64, .i64), (.i64, .i32), (.f64, .u8), (.i64, .bool),
    ] {
      for (dims, axes) in [([40, 30], [1]), ([40, 30], [0]), ([40_000], [0])] {
        var reduced = dims
        for axis in axes { reduced[axis] = 1 }
        try expectAgreement(
          .reduce(.sum, .copy(domain: domain), axes: axes), [Array_(dims, type, in: 0...2)],
          [Array_(reduced, domain)], within: 1e-12)
      }
    }
  }

  @Test(arguments: [Reduction.max, .min])
  func `a NaN wins`(_ reduction: Reduction) throws {
    let program = ScalarProgram(.sqrt)
    try expectAgreement(
      .reduce(reduction, program, axes: [1]), [Array_([20, 37])], [Array_([20, 1])])
    try expectAgreement(
      .reduce(reduction, program, axes: [0]), [Array_([20, 37])], [Array_([1, 37])])
  }
}
