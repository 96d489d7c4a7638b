import CDLMKernels
import DLMTensor

/// A kernel call whose arithmetic, or whose bytes, are known.
struct KernelCase {
  let name: String
  let instruction: Instruction
  /// Dims of each slot, and what its elements lie between.
  let tensors: [(dims: [Int], range: ClosedRange<Double>)]
  /// Multiplications and additions; bytes read and written, where they are what takes the time.
  var flops = 0.0
  var bytes = 0

  static var all: [KernelCase] { products + convolutions + passes }

  private init(
    _ name: String, _ kernel: Kernel, operands: [[Int]], result: [Int], transposed: [Int] = [],
    range: ClosedRange<Double> = -1...1
  ) {
    self.name = name
    tensors = (operands + [result]).map { ($0, range) }
    let views = tensors.enumerated().map { slot, tensor -> View in
      var view = View(rowMajor: .slot(slot), .f32, Shape(tensor.dims))
      if transposed.contains(slot) {
        view.dims.swapAt(0, 1)
        view.strides.swapAt(0, 1)
      }
      return view
    }
    instruction = Instruction(
      kernel, operands: Array(views.dropLast()), results: [views[operands.count]], label: name)
  }
}

// Matrix products.
extension KernelCase {
  /// Rows, columns and depth; the second and third as a layer's backward pass has them.
  private static var products: [KernelCase] {
    [
      product(128, 512, 784), product(512, 512, 512), product(2048, 2048, 2048),
      product(64, 50, 320), product(4096, 16, 25), product(128, 10, 512),
      product(128, 512, 784, second: true), product(64, 50, 320, second: true),
      product(2048, 384, 128, second: true), product(2048, 65, 128, second: true),
      product(32, 1024, 256, second: true), product(512, 784, 128, first: true),
      product(50, 320, 64, first: true), product(384, 128, 2048, first: true),
      product(512, 128, 2048, first: true),
    ]
  }

  private static func product(
    _ m: Int, _ n: Int, _ k: Int, first: Bool = false, second: Bool = false
  ) -> KernelCase {
    var result = KernelCase(
      "product \(m)x\(n)x\(k)\(first ? " a.T" : "")\(second ? " b.T" : "")",
      .matmul(epilogue: nil), operands: [first ? [k, m] : [m, k], second ? [n, k] : [k, n]],
      result: [m, n], transposed: (first ? [0] : []) + (second ? [1] : []))
    result.flops = 2 * Double(m) * Double(n) * Double(k)
    return result
  }
}

// Convolutions with samples in lanes.
extension KernelCase {
  private static var convolutions: [KernelCase] {
    let shapes = [
      Convolution(64, 1, 10, size: 28, kernel: 5), Convolution(64, 10, 20, size: 12, kernel: 5),
      Convolution(128, 3, 16, size: 32, kernel: 3, pad: 1),
      Convolution(128, 16, 16, size: 32, kernel: 3, pad: 1),
      Convolution(128, 16, 32, size: 32, kernel: 3, stride: 2, pad: 1),
      Convolution(128, 32, 32, size: 16, kernel: 3, pad: 1),
      Convolution(128, 64, 64, size: 8, kernel: 3, pad: 1),
      Convolution(128, 32, 64, size: 16, kernel: 1, stride: 2),
      Convolution(8, 64, 64, size: 56, kernel: 3, pad: 1),
    ]
    return shapes.flatMap { [forward($0), inputGradient($0), weightGradient($0)] }
  }

  private static func forward(_ c: Convolution) -> KernelCase {
    counted(
      KernelCase(
        "convolve \(c.name)", .convolve(c.window, groups: 1, c.layout, epilogue: nil),
        operands: [c.x, c.w], result: c.y), c)
  }

  private static func inputGradient(_ c: Convolution) -> KernelCase {
    counted(
      KernelCase(
        "convolve dx \(c.name)", .convolveInputGradient(c.window, groups: 1, c.layout),
        operands: [c.y, c.w], result: c.x), c)
  }

  private static func weightGradient(_ c: Convolution) -> KernelCase {
    counted(
      KernelCase(
        "convolve dw \(c.name)", .convolveWeightGradient(c.window, groups: 1, c.layout),
        operands: [c.x, c.y], result: c.w), c)
  }

  private static func counted(_ kernel: KernelCase, _ shape: Convolution) -> KernelCase {
    var result = kernel
    result.flops = shape.flops
    return result
  }
}

/// A convolution of square images.
private struct Convolution {
  let samples, inputs, outputs, size, kernel, stride, pad: Int

  init(
    _ samples: Int, _ inputs: Int, _ outputs: Int, size: Int, kernel: Int, stride: Int = 1,
    pad: Int = 0
  ) {
    (self.samples, self.inputs, self.outputs) = (samples, inputs, outputs)
    (self.size, self.kernel, self.stride, self.pad) = (size, kernel, stride, pad)
  }

  private var lanes: Int { min(32, samples) }
  private var outputSize: Int { (size + 2 * pad - kernel) / stride + 1 }

  var layout: Layout { .batchInner(lanes: lanes) }
  var window: Window {
    Window(
      size: [kernel, kernel], stride: [stride, stride], low: [pad, pad], high: [pad, pad],
      dilation: [1, 1])
  }
  var x: [Int] { [samples / lanes, size, size, inputs, lanes] }
  var y: [Int] { [samples / lanes, outputSize, outputSize, outputs, lanes] }
  var w: [Int] { [outputs, inputs, kernel, kernel] }
  var name: String {
    "\(samples)x\(inputs)x\(size)x\(size) to \(outputs), \(kernel)x\(kernel)"
      + (stride > 1 ? " by \(stride)" : "")
  }

  /// Of the taps that lie inside the images.
  var flops: Double {
    let taps = (0..<outputSize).map { position in
      (0..<kernel).filter { (0..<size).contains(position * stride + $0 - pad) }.count
    }.reduce(0, +)
    return 2 * Double(samples * inputs * outputs) * Double(taps * taps)
  }
}

// What memory limits.
extension KernelCase {
  private static var passes: [KernelCase] {
    let image = [4, 32, 32, 16, 32]
    let pool = Window(
      size: [2, 2], stride: [2, 2], low: [0, 0], high: [0, 0], dilation: [1, 1])
    let images: [Int] = [2, 24, 24, 10, 32]
    let pooled: [Int] = [2, 12, 12, 10, 32]
    return [
      pass("copy 1 MB", .map(.copy()), [[1 << 18]], [1 << 18]),
      pass("copy 32 MB", .map(.copy()), [[1 << 23]], [1 << 23]),
      pass("add 8 MB", .map(ScalarProgram(.add)), [image, image], image),
      pass("sigmoid 1 MB", .map(ScalarProgram(.sigmoid)), [[1 << 18]], [1 << 18]),
      pass("Adam 670 k", .map(adam), [[670_000], [670_000], [670_000], [670_000]], [670_000]),
      pass(
        "sum over channels 8 MB", .reduce(.sum, .copy(), axes: [0, 1, 2, 4]), [image],
        [1, 1, 1, 16, 1]),
      pass(
        "max pool 2x2 64x10x24x24", .maxPool(pool, .batchInner(lanes: 32)), [images], pooled),
      pass(
        "max pool dx 2x2 64x10x24x24", .maxPoolScatter(pool, .batchInner(lanes: 32)),
        [images, pooled], images),
    ]
  }

  /// What Adam does to a parameter, its moments given: `p - rate * m / (sqrt(v) + eps)`, v fed with g.
  private static var adam: ScalarProgram {
    ScalarProgram(
      domain: .f32, inputCount: 4,
      steps: [
        .constant(0.999), .constant(0.001), .apply(.multiply, [1, 1]), .apply(.multiply, [4, 3]),
        .apply(.multiply, [5, 6]), .apply(.add, [7, 8]), .apply(.sqrt, [9]), .constant(1e-8),
        .apply(.add, [10, 11]), .apply(.divide, [2, 12]), .apply(.multiply, [5, 13]),
        .apply(.subtract, [0, 14]),
      ],
      outputs: [15])
  }

  private static func pass(_ name: String, _ kernel: Kernel, _ operands: [[Int]], _ result: [Int])
    -> KernelCase
  {
    var pass = KernelCase(name, kernel, operands: operands, result: result, range: 0.1...1)
    pass.bytes = 4 * (operands + [result]).reduce(0) { $0 + $1.reduce(1, *) }
    return pass
  }
}
