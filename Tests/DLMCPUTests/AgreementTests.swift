import DLMTensor
import DLMTestSupport
import Testing

@testable import DLMCPU

/// One instruction to be run by two backends.
struct Case: Sendable, CustomTestStringConvertible {
  var name: String
  var kernel: Kernel
  /// Shape and element type of each operand; integers are drawn below `indexLimit`.
  var operands: [(Shape, ElementType)]
  var result: (Shape, ElementType)
  var indexLimit = 1
  /// How many terms the longest sum has.
  var terms = 1

  var testDescription: String { name }
}

// One at a time: threads that spin for each other would only slow one another down.
@Suite(.serialized) struct AgreementTests {
  static let square = Window(
    size: [5, 5], stride: [1, 1], low: [0, 0], high: [0, 0], dilation: [1, 1])
  static let strided = Window(
    size: [3, 3], stride: [2, 2], low: [1, 1], high: [1, 1], dilation: [1, 1])
  static let pool = Window(
    size: [2, 2], stride: [2, 2], low: [0, 0], high: [0, 0], dilation: [1, 1])

  static let cases: [Case] = [
    Case(
      name: "map of a chain",
      kernel: .map(
        ScalarProgram(
          domain: .f32, inputCount: 2,
          steps: [
            .apply(.multiply, [0, 1]), .constant(0.5), .apply(.add, [2, 3]), .apply(.tanh, [4]),
          ], outputs: [5])),
      operands: [([37, 5], .f32), ([37, 5], .f32)], result: ([37, 5], .f32)),
    Case(
      name: "map from bytes", kernel: .map(.copy()), operands: [([3, 77], .u8)],
      result: ([3, 77], .f32), indexLimit: 256),
    Case(
      name: "sum of the last axis", kernel: .reduce(.sum, .copy(), axes: [1]),
      operands: [([19, 130], .f32)], result: ([19, 1], .f32), terms: 130),
    Case(
      name: "maximum of the first axis", kernel: .reduce(.max, .copy(), axes: [0]),
      operands: [([19, 130], .f32)], result: ([1, 130], .f32)),
    Case(
      name: "place of the largest", kernel: .indexOf(.max, axis: 1),
      operands: [([64, 10], .f32)], result: ([64, 1], .i32)),
    Case(
      name: "matrix product", kernel: .matmul(epilogue: nil),
      operands: [([65, 320], .f32), ([320, 50], .f32)], result: ([65, 50], .f32), terms: 320),
    Case(
      name: "matrix product with an epilogue", kernel: .matmul(epilogue: ScalarProgram(.add)),
      operands: [([3, 17], .f32), ([17, 33], .f32), ([3, 33], .f32)], result: ([3, 33], .f32),
      terms: 17),
    Case(
      name: "convolution", kernel: .convolve(square, groups: 1, .rowMajor, epilogue: nil),
      operands: [([3, 4, 12, 12], .f32), ([6, 4, 5, 5], .f32)], result: ([3, 6, 8, 8], .f32),
      terms: 100),
    Case(
      name: "convolution, samples in lanes",
      kernel: .convolve(square, groups: 1, .batchInner(lanes: 16), epilogue: nil),
      operands: [([2, 12, 12, 4, 16], .f32), ([10, 4, 5, 5], .f32)],
      result: ([2, 8, 8, 10, 16], .f32), terms: 100),
    Case(
      name: "its gradient in x",
      kernel: .convolveInputGradient(strided, groups: 2, .batchInner(lanes: 8)),
      operands: [([2, 4, 4, 6, 8], .f32), ([6, 2, 3, 3], .f32)], result: ([2, 8, 8, 4, 8], .f32),
      terms: 27),
    Case(
      name: "its gradient in w",
      kernel: .convolveWeightGradient(square, groups: 1, .batchInner(lanes: 32)),
      operands: [([2, 12, 12, 3, 32], .f32), ([2, 8, 8, 7, 32], .f32)],
      result: ([7, 3, 5, 5], .f32), terms: 4096),
    Case(
      name: "largest of windows", kernel: .maxPool(pool, .batchInner(lanes: 32)),
      operands: [([2, 8, 8, 5, 32], .f32)], result: ([2, 4, 4, 5, 32], .f32)),
    Case(
      name: "its gradient", kernel: .maxPoolScatter(pool, .batchInner(lanes: 32)),
      operands: [([2, 8, 8, 5, 32], .f32), ([2, 4, 4, 5, 32], .f32)],
      result: ([2, 8, 8, 5, 32], .f32)),
    Case(
      name: "mean of windows", kernel: .meanPool(strided, .rowMajor),
      operands: [([2, 3, 9, 9], .f32)], result: ([2, 3, 5, 5], .f32), terms: 9),
    Case(
      name: "gather", kernel: .gather, operands: [([3, 11, 5], .f32), ([23], .i32)],
      result: ([3, 23, 5], .f32), indexLimit: 11),
    Case(
      name: "scatter", kernel: .scatterAdd, operands: [([3, 23, 5], .f32), ([23], .i32)],
      result: ([3, 11, 5], .f32), indexLimit: 11, terms: 23),
    Case(
      name: "pick", kernel: .pick, operands: [([64, 10, 1], .f32), ([64, 1], .i32)],
      result: ([64, 1], .f32), indexLimit: 10),
    Case(
      name: "place", kernel: .place, operands: [([64, 1], .f32), ([64, 1], .i32)],
      result: ([64, 10, 1], .f32), indexLimit: 10),
    Case(
      name: "uniform draw", kernel: .random(.uniform, stream: 5, fixed: false), operands: [],
      result: ([1001], .f32)),
    Case(
      name: "normal draw", kernel: .random(.normal, stream: 5, fixed: false), operands: [],
      result: ([1001], .f32)),
    Case(name: "iota", kernel: .iota(axis: 1), operands: [], result: ([4, 9], .i32)),
  ]

  /// The elements that `backend` computes for `test`; the same operands every time.
  static func run(_ test: Case, on backend: any Backend) throws -> [Double] {
    var state: UInt64 = 42
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53
    }
    let tensors = try test.operands.map { shape, type in
      try Tensor(
        (0..<shape.count).map { _ in
          type.isFloatingPoint
            ? 2 * draw() - 1 : (draw() * Double(test.indexLimit)).rounded(.down)
        }, shape: shape, type)
    }
    let output = try Tensor(zeros: test.result.0, test.result.1)
    let all = tensors + [output]
    let views = all.enumerated().map { View(rowMajor: .slot($0), $1.elementType, $1.shape) }
    let schedule = Schedule(
      instructions: [
        Instruction(
          test.kernel, operands: Array(views.dropLast()), results: [views[all.count - 1]],
          label: test.name)
      ], arenaByteCount: 0, slotCount: all.count)
    try withExtendedLifetime(all) {
      try backend.prepare(schedule).run(slots: all.map(\.storage.pointer), seed: 9, counter: 3)
    }
    return output.values
  }

  @Test(arguments: cases, CPUBackend.testedKernels)
  func `kernels agree with their definition`(_ test: Case, _ isa: String) throws {
    let expected = try Self.run(test, on: ReferenceBackend())
    let found = try Self.run(test, on: CPUBackend(testing: isa, threads: 2))
    // Functions are good to a few units in the last place; every term of a sum adds at most half a
    // unit of a partial sum, and those of terms below 1 with random signs stay of the order of 1.
    let tolerance: Double = 1e-6 + 0x1p-24 * Double(test.terms)
    let wrong = zip(expected, found).filter { !(abs($0 - $1) <= tolerance * max(1, abs($0))) }
    #expect(wrong.isEmpty, "\(wrong.count) of \(found.count), first \(wrong[0])")
  }

  @Test(arguments: cases, CPUBackend.testedKernels)
  func `the number of threads changes no bit`(_ test: Case, _ isa: String) throws {
    let one = try Self.run(test, on: CPUBackend(testing: isa, threads: 1))
    #expect(try one == Self.run(test, on: CPUBackend(testing: isa, threads: 2)))
  }

  @Test func `an unknown instruction set is an error that lists the known ones`() {
    #expect(
      throws: CPUBackendError.unsupportedInstructionSet(
        "avx9", supported: CPUBackend.instructionSets)
    ) { try CPUBackend(isa: "avx9", threads: 1) }
  }
}
