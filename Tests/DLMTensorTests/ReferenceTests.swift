import CDLMKernels
import Testing

@testable import DLMTensor

/// Runs one instruction over row-major tensors of the given dims.
func run(
  _ kernel: Kernel, _ operands: [Tensor], _ result: Shape, _ type: ElementType = .f64,
  counter: UInt64 = 0
) throws -> Tensor {
  let output = try Tensor(zeros: result, type)
  let tensors = operands + [output]
  let views = tensors.enumerated().map { View(rowMajor: .slot($0), $1.elementType, $1.shape) }
  let schedule = Schedule(
    instructions: [
      Instruction(
        kernel, operands: Array(views.dropLast()), results: [views[operands.count]], label: "test")
    ], arenaByteCount: 0, slotCount: tensors.count)
  let slots = tensors.map(\.storage.pointer)
  try ReferenceBackend().prepare(schedule).run(slots: slots, seed: 7, counter: counter)
  return output
}

/// A tensor of repeatable numbers in -1...1.
func numbers(_ shape: Shape, seed: UInt64) throws -> Tensor {
  var state = seed
  let values = (0..<shape.count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(Int64(bitPattern: state) >> 11) / 0x1p52
  }
  return try Tensor(values, shape: shape, .f64)
}

func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite struct ReferenceTests {
  @Test func `a map runs its program on each element`() throws {
    let program = ScalarProgram(
      domain: .f64, inputCount: 2,
      steps: [.apply(.multiply, [0, 1]), .constant(1), .apply(.add, [2, 3])], outputs: [4])
    let a = try Tensor([1, 2, 3], shape: [3], .f64)
    #expect(try run(.map(program), [a, a], [3]).values == [2, 5, 10])
  }

  @Test func `reductions keep the axes they reduce with length one`() throws {
    let x = try Tensor([1, 5, 3, 4, 2, 6], shape: [2, 3], .f64)
    let copy = ScalarProgram.copy(domain: .f64)
    #expect(try run(.reduce(.sum, copy, axes: [1]), [x], [2, 1]).values == [9, 12])
    #expect(try run(.reduce(.max, copy, axes: [0]), [x], [1, 3]).values == [4, 5, 6])
    #expect(try run(.indexOf(.max, axis: 1), [x], [2, 1], .i32).values == [1, 2])
  }

  @Test func `reducing nothing yields the identity`() throws {
    let empty = try Tensor(zeros: [2, 0], .f64)
    let copy = ScalarProgram.copy(domain: .f64)
    #expect(try run(.reduce(.sum, copy, axes: [1]), [empty], [2, 1]).values == [0, 0])
    #expect(
      try run(.reduce(.min, copy, axes: [1]), [empty], [2, 1]).values == [.infinity, .infinity])
  }

  @Test func `a NaN wins a maximum and its place is found`() throws {
    let x = try Tensor([1, .nan, 9], shape: [1, 3], .f64)
    let largest = try run(.reduce(.max, .copy(domain: .f64), axes: [1]), [x], [1, 1])
    #expect(largest[0].isNaN)
    #expect(try run(.indexOf(.max, axis: 1), [x], [1, 1], .i32).values == [1])
  }

  @Test func `matrix products sum over the inner axis, then apply the epilogue`() throws {
    let a = try Tensor([1, 2, 3, 4], shape: [2, 2], .f64)
    let b = try Tensor([5, 6, 7, 8], shape: [2, 2], .f64)
    #expect(try run(.matmul(epilogue: nil), [a, b], [2, 2]).values == [19, 22, 43, 50])
    let add = ScalarProgram(.add, domain: .f64)
    #expect(try run(.matmul(epilogue: add), [a, b, a], [2, 2]).values == [20, 24, 46, 54])
  }

  @Test func `a convolution is the sum over its window`() throws {
    let x = try Tensor((1...9).map(Double.init), shape: [1, 1, 3, 3], .f64)
    let w = try Tensor([1, 0, 0, -1], shape: [1, 1, 2, 2], .f64)
    let window = Window(
      size: [2, 2], stride: [1, 1], low: [0, 0], high: [0, 0], dilation: [1, 1])
    let y = try run(.convolve(window, groups: 1, .rowMajor, epilogue: nil), [x, w], [1, 1, 2, 2])
    #expect(y.values == [-4, -4, -4, -4])
  }

  static let windows = [
    Window(size: [3, 2], stride: [1, 1], low: [0, 0], high: [0, 0], dilation: [1, 1]),
    Window(size: [3, 3], stride: [2, 1], low: [1, 0], high: [1, 2], dilation: [1, 1]),
    Window(size: [2, 3], stride: [1, 2], low: [2, 1], high: [0, 1], dilation: [2, 1]),
  ]

  @Test(arguments: windows, [1, 2])
  func `the gradients of a convolution are its adjoints`(_ window: Window, _ groups: Int) throws {
    let output = Shape(
      [2, 4, window.outputLength(7, axis: 0), window.outputLength(6, axis: 1)])
    let weights = Shape([4, 4 / groups] + window.size)
    let x = try numbers([2, 4, 7, 6], seed: 1)
    let w = try numbers(weights, seed: 2)
    let dy = try numbers(output, seed: 3)
    let y = try run(
      .convolve(window, groups: groups, .rowMajor, epilogue: nil), [x, w], output)
    let dx = try run(
      .convolveInputGradient(window, groups: groups, .rowMajor), [dy, w], x.shape)
    let dw = try run(
      .convolveWeightGradient(window, groups: groups, .rowMajor), [x, dy], weights)
    // Double precision on some hundred products: rounding stays far below this.
    #expect(abs(dot(y, dy) - dot(x, dx)) < 1e-11)
    #expect(abs(dot(y, dy) - dot(w, dw)) < 1e-11)
  }

  @Test(arguments: windows)
  func `pooling scatters to where it gathered from`(_ window: Window) throws {
    let output = Shape(
      [2, 3, window.outputLength(7, axis: 0), window.outputLength(6, axis: 1)])
    let x = try numbers([2, 3, 7, 6], seed: 4)
    let v = try numbers(x.shape, seed: 5)
    let dy = try numbers(output, seed: 6)
    let gathered = try run(.maxPoolGather(window, .rowMajor), [x, v], output)
    let scattered = try run(.maxPoolScatter(window, .rowMajor), [x, dy], x.shape)
    let mean = try run(.meanPool(window, .rowMajor), [x], output)
    let meanGradient = try run(.meanPoolGradient(window, .rowMajor), [dy], x.shape)
    #expect(abs(dot(gathered, dy) - dot(v, scattered)) < 1e-11)
    #expect(abs(dot(mean, dy) - dot(x, meanGradient)) < 1e-11)
    #expect(
      try run(.maxPool(window, .rowMajor), [x], output).values
        == run(.maxPoolGather(window, .rowMajor), [x, x], output).values)
  }

  @Test func `gathering and scattering are adjoints, and a wrong index stops the run`() throws {
    let x = try numbers([2, 5, 3], seed: 8)
    let index = try Tensor([4, 0, 4], shape: [3], .i32)
    let dy = try numbers([2, 3, 3], seed: 9)
    let y = try run(.gather, [x, index], [2, 3, 3])
    let dx = try run(.scatterAdd, [dy, index], [2, 5, 3])
    #expect(abs(dot(y, dy) - dot(x, dx)) < 1e-12)
    let wrong = try Tensor([0, 5, 1], shape: [3], .i32)
    #expect(
      throws: ExecutionError.indexOutOfRange(index: 5, count: 5, position: 1, label: "test")
    ) { try run(.gather, [x, wrong], [2, 3, 3]) }
  }

  @Test func `picking and placing are adjoints`() throws {
    let x = try numbers([2, 5, 3], seed: 10)
    let index = try Tensor([4, 0, 2, 1, 3, 3], shape: [2, 3], .i32)
    let dy = try numbers([2, 3], seed: 11)
    let y = try run(.pick, [x, index], [2, 3])
    #expect(y[0] == x[4 * 3])
    #expect(abs(dot(y, dy) - dot(x, try run(.place, [dy, index], [2, 5, 3]))) < 1e-12)
  }

  @Test func `the generator is Philox4x32-10`() {
    // Known answer of the authors' reference implementation for key 0 and counter 0.
    var words: [UInt32] = [0, 0, 0, 0]
    words.withUnsafeMutableBufferPointer { dlm_philox(0, 0, 0, 0, $0.baseAddress) }
    #expect(words == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  }

  @Test func `draws have their moments, differ from step to step and repeat where fixed`() throws {
    let normal = Kernel.random(.normal, stream: 3, fixed: false)
    let draw = try run(normal, [], [20_000])
    let mean = draw.values.reduce(0, +) / 20_000
    let variance = draw.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    // Five standard errors: 5 / sqrt(20000) and 5 * sqrt(2 / 20000).
    #expect(abs(mean) < 0.036)
    #expect(abs(variance - 1) < 0.05)
    #expect(try run(normal, [], [8], counter: 1).values != run(normal, [], [8]).values)
    let fixed = Kernel.random(.uniform, stream: 3, fixed: true)
    #expect(try run(fixed, [], [8], counter: 1).values == run(fixed, [], [8]).values)
  }
}
