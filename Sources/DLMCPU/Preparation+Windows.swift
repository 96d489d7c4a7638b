import CDLMKernels
import DLMTensor

/// Row-major convolutions as products with a matrix of windows, `[inputs * taps, places]` for each sample and
/// group; of large images a part at a time.
extension Preparation {
  /// Floats of the matrix at a time: it stays in the third cache until it is multiplied.
  private static var windowLimit: Int { 1 << 20 }

  mutating func windowedConvolution(
    _ shape: ConvolutionShape, x: Memory, w: Memory, _ epilogue: ScalarProgram?, _ extra: [Memory],
    _ results: [Memory]
  ) -> [dlm_step]? {
    var steps: [dlm_step] = []
    let taken = sharedTaken
    for part in parts(of: shape) {
      sharedTaken = taken
      let images = (extra + results).compactMap { $0.image(part, shape.groups) }
      guard images.count == extra.count + results.count else { return nil }
      guard let windows = windows(shape, part, x, &steps),
        let product = matmul(
          epilogue, [w.matrix(shape), windows] + images.prefix(extra.count),
          Array(images.suffix(results.count)))
      else { return nil }
      steps += product
    }
    return steps
  }

  mutating func windowedInputGradient(
    _ shape: ConvolutionShape, dy: Memory, w: Memory, dx: Memory
  ) -> [dlm_step]? {
    var steps: [dlm_step] = []
    let taken = sharedTaken
    for part in parts(of: shape) {
      sharedTaken = taken
      guard let y = dy.image(part, shape.groups) else { return nil }
      let target =
        shape.isPointwise
        ? dx.image(part, shape.groups) : takeShared(dims: matrixDims(shape, part))
      guard let target, let product = matmul(nil, [w.matrix(shape).turned, y], [target]) else {
        return nil
      }
      steps += product
      if !shape.isPointwise { steps.append(move(shape, part, dx, target, back: true)) }
    }
    return steps
  }

  /// Parts are added in order: threads cannot be seen in the sum.
  mutating func windowedWeightGradient(
    _ shape: ConvolutionShape, x: Memory, dy: Memory, dw: Memory
  ) -> [dlm_step]? {
    guard shape.samples > 0 else {
      let zero = ScalarProgram(domain: .f32, inputCount: 0, steps: [.constant(0)], outputs: [0])
      return map(zero, [], [dw])
    }
    let sum = dw.isDense ? dw : takeShared(dims: dw.dims)
    var target = sum.matrix(shape)
    (target.dims, target.strides) = (Array(target.dims[1...]), Array(target.strides[1...]))
    var steps: [dlm_step] = []
    let taken = sharedTaken
    for (number, part) in parts(of: shape).enumerated() {
      sharedTaken = taken
      guard let windows = windows(shape, part, x, &steps, sideBySide: true),
        let a = sideBySide(dy.image(part, shape.groups), &steps),
        let b = sideBySide(windows, &steps),
        let product = matmul(
          number == 0 ? nil : ScalarProgram(.add), [a, b.turned] + (number == 0 ? [] : [target]),
          [target])
      else { return nil }
      steps += product
    }
    if dw.isDense { return steps }
    guard let copy = map(.copy(), [sum], [dw]) else { return nil }
    return steps + copy
  }

  /// `[samples, groups, rows, places]` as `[groups, rows, samples * places]`, copied if need be.
  private mutating func sideBySide(_ images: Memory?, _ steps: inout [dlm_step]) -> Memory? {
    guard var images = images?.permuted([1, 2, 0, 3]) else { return nil }
    let (samples, places) = (images.dims[2], images.dims[3])
    if samples > 1, images.strides[2] != places * images.strides[3] {
      let copied = takeShared(dims: images.dims)
      guard let copy = map(.copy(), [images], [copied]) else { return nil }
      steps += copy
      images = copied
    }
    images.dims = [images.dims[0], images.dims[1], samples * places]
    images.strides.remove(at: 2)
    return images
  }

  /// The matrix of windows of a part, once `steps` are done: x itself, if that is one.
  ///
  /// - Parameter sideBySide: whether those of several samples are to be columns of one matrix.
  private mutating func windows(
    _ shape: ConvolutionShape, _ part: ConvolutionPart, _ x: Memory, _ steps: inout [dlm_step],
    sideBySide: Bool = false
  ) -> Memory? {
    if shape.isPointwise { return x.image(part, shape.groups) }
    let dims = matrixDims(shape, part)
    let matrix =
      sideBySide
      ? takeShared(dims: [dims[1], dims[2], dims[0], dims[3]]).permuted([2, 0, 1, 3])
      : takeShared(dims: dims)
    steps.append(move(shape, part, x, matrix, back: false))
    return matrix
  }

  private func matrixDims(_ shape: ConvolutionShape, _ part: ConvolutionPart) -> [Int] {
    let taps = shape.window.size.reduce(1, *)
    return [part.samples.count, shape.groups, shape.inputsPerGroup * taps, part.places.count]
  }

  /// Copies windows of `x` into `matrix`, or adds them back.
  private mutating func move(
    _ shape: ConvolutionShape, _ part: ConvolutionPart, _ x: Memory, _ matrix: Memory, back: Bool
  ) -> dlm_step {
    let images = part.samples.count * shape.groups
    let width = max(1, shape.output[2])
    var arguments = dlm_windows()
    arguments.x = x.view(axes: [])
    arguments.x.offset += Int64(
      part.samples.lowerBound * shape.channels * shape.input.reduce(4, *))
    arguments.matrix = matrix.view(axes: [])
    arguments.back = back ? 1 : 0
    (arguments.groups, arguments.inputs) = (Int64(shape.groups), Int64(shape.inputsPerGroup))
    let bands = max(1, min(shape.inputsPerGroup, (8 + images - 1) / max(1, images)))
    arguments.bands = Int64(bands)
    fill(&arguments.in, shape.input)
    fill(&arguments.out, shape.output)
    fill(&arguments.kernel, shape.window.size)
    fill(&arguments.stride, shape.window.stride)
    fill(&arguments.low, shape.window.low)
    fill(&arguments.dilation, shape.window.dilation)
    arguments.from = Int64(part.places.lowerBound / width)
    arguments.to = Int64(part.places.upperBound / width)
    (arguments.sample_step, arguments.group_step, arguments.row_step) = (
      Int64(matrix.strides[0]), Int64(matrix.strides[1]), Int64(matrix.strides[2])
    )
    return step(
      kernels.windows, arguments, units: images * bands, cost: Double(matrix.count) * 0.3)
  }

  /// Whole samples where the matrix of one is small enough, else lines of one.
  private func parts(of shape: ConvolutionShape) -> [ConvolutionPart] {
    let (lines, width) = (shape.output[0] * shape.output[1], shape.output[2])
    let rows = max(1, shape.channels * shape.window.size.reduce(1, *))
    let whole = max(1, rows * lines * width)
    if shape.isPointwise || whole <= Self.windowLimit {
      let count = shape.isPointwise ? max(1, shape.samples) : max(1, Self.windowLimit / whole)
      return stride(from: 0, to: shape.samples, by: count).map {
        ConvolutionPart(
          samples: $0..<min($0 + count, shape.samples), places: 0..<lines * width)
      }
    }
    let count = max(1, Self.windowLimit / (rows * width))
    return (0..<shape.samples).flatMap { sample in
      stride(from: 0, to: lines, by: count).map {
        ConvolutionPart(
          samples: sample..<sample + 1, places: $0 * width..<min($0 + count, lines) * width)
      }
    }
  }
}

/// Samples, and places of their outputs.
struct ConvolutionPart {
  var samples: Range<Int>
  var places: Range<Int>
}

extension ConvolutionShape {
  /// Whether windows are single elements, one for each of the input.
  fileprivate var isPointwise: Bool {
    window.size == [1, 1, 1] && window.stride == [1, 1, 1] && input == output
      && window.low == [0, 0, 0]
  }
}

extension Memory {
  /// Row-major images `[N, C, ...S]` as `[samples, groups, C / groups, places]`; nil where no stride leads
  /// from each place to the next.
  fileprivate func image(_ part: ConvolutionPart, _ groups: Int) -> Memory? {
    var (step, count) = (0, 1)
    for axis in dims.indices.dropFirst(2).reversed() where dims[axis] != 1 {
      if count == 1 { step = strides[axis] }
      guard strides[axis] == step * count else { return nil }
      count *= dims[axis]
    }
    let channels = dims[1] / groups
    let start = part.samples.lowerBound * strides[0] + part.places.lowerBound * step
    return Memory(
      base: base, offset: offset + start * elementType.byteCount, elementType,
      dims: [part.samples.count, groups, channels, part.places.count],
      strides: [strides[0], channels * strides[1], strides[1], step])
  }

  /// Dense weights `[O, C / groups, ...K]` as `[1, groups, O / groups, C / groups * K]`.
  fileprivate func matrix(_ shape: ConvolutionShape) -> Memory {
    let rows = shape.inputsPerGroup * shape.window.size.reduce(1, *)
    let outputs = shape.outputsPerGroup
    return Memory(
      base: base, offset: offset, elementType, dims: [1, shape.groups, outputs, rows],
      strides: [0, outputs * rows, rows, 1])
  }

  /// The last two axes exchanged.
  fileprivate var turned: Memory {
    permuted(Array(dims.indices.dropLast(2)) + [dims.count - 1, dims.count - 2])
  }
}
