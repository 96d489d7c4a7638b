import CDLMKernels
import DLMTensor

/// Row-major convolutions, by way of matrix products.
extension Preparation {
  mutating func lowered(
    _ kind: dlm_lowered, _ shape: ConvolutionShape, x: Memory, w: Memory, y: Memory,
    epilogue: (UnsafePointer<dlm_map>, PreparedProgram)?
  ) -> [dlm_step] {
    let images = shape.samples * shape.groups
    let bands = bands(kind, shape, images: images)
    var arguments = self.arguments(kind, shape, bands, x: x, w: w, y: y)
    arguments.epilogue = epilogue.map { UnsafePointer($0.0) }
    return [
      step(
        kernels.convolve_lowered, arguments, units: images * bands.count,
        cost: Double(shape.multiplications) / 20,
        scratch: scratch(bands) + (epilogue?.1.scratchByteCount ?? 0))
    ]
  }

  /// Fixed shares of the samples are summed apart, then in order: threads cannot be seen in the sum.
  mutating func loweredWeightGradient(
    _ shape: ConvolutionShape, x: Memory, dy: Memory, dw: Memory
  ) -> [dlm_step]? {
    guard shape.samples > 0 else {
      let zero = ScalarProgram(domain: .f32, inputCount: 0, steps: [.constant(0)], outputs: [0])
      return map(zero, [], [dw])
    }
    let share = (shape.samples + 7) / 8
    let shares = (shape.samples + share - 1) / share
    let bands = bands(dlm_lowered_weight, shape, images: shares)
    let partial = takeShared(dims: [shares * bands.count] + dw.dims)
    var arguments = self.arguments(dlm_lowered_weight, shape, bands, x: x, w: partial, y: dy)
    arguments.share = Int64(share)
    let products = step(
      kernels.convolve_lowered, arguments, units: shares * bands.count,
      cost: Double(shape.multiplications) / 20, scratch: scratch(bands))
    var result = dw
    result.dims.insert(1, at: 0)
    result.strides.insert(0, at: 0)
    guard let sum = reduce(.sum, .copy(), [0], [partial], [result]) else { return nil }
    return [products] + sum
  }

  private func arguments(
    _ kind: dlm_lowered, _ shape: ConvolutionShape, _ bands: Bands, x: Memory, w: Memory, y: Memory
  ) -> dlm_lower {
    var arguments = dlm_lower()
    arguments.kind = kind
    (arguments.bands, arguments.window_room) = (Int64(bands.count), Int64(bands.room))
    arguments.x = x.view(axes: [])
    arguments.weights = w.view(axes: [])
    arguments.y = y.view(axes: [])
    (arguments.samples, arguments.groups) = (Int64(shape.samples), Int64(shape.groups))
    arguments.inputs = Int64(shape.inputsPerGroup)
    arguments.rows = Int64(shape.outputsPerGroup)
    fill(&arguments.in, shape.input)
    fill(&arguments.out, shape.output)
    fill(&arguments.kernel, shape.window.size)
    fill(&arguments.stride, shape.window.stride)
    fill(&arguments.low, shape.window.low)
    fill(&arguments.dilation, shape.window.dilation)
    return arguments
  }

  /// How many bands an image is divided into, and floats for the windows of one.
  private typealias Bands = (count: Int, room: Int)

  /// Bands so that threads have a few units each, whatever their number, and that forwards the windows
  /// of one stay in the second cache.
  private func bands(_ kind: dlm_lowered, _ shape: ConvolutionShape, images: Int) -> Bands {
    let taps = shape.window.size.reduce(1, *)
    let (lines, width) = (shape.output[0] * shape.output[1], shape.output[2])
    let rows = shape.inputsPerGroup * taps
    let wanted = (8 + images - 1) / max(1, images)
    if kind == dlm_lowered_input {
      let count = min(wanted, shape.inputsPerGroup)
      let inputs = (shape.inputsPerGroup + count - 1) / count
      return (count, (inputs * taps * lines * width + 15) / 16 * 16)
    }
    let cached = kind == dlm_lowered_forward ? rows * lines * width / 65536 : 1
    let count = max(1, min(max(wanted, cached), lines))
    return (count, ((lines + count - 1) / count * width * rows + 15) / 16 * 16)
  }

  /// Bytes for the windows of a band and a panel of a product.
  private func scratch(_ bands: Bands) -> Int { bands.room * 4 + Int(kernels.product_scratch) }
}
