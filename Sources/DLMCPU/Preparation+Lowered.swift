import CDLMKernels
import DLMTensor

/// Row-major convolutions, by way of matrix products.
extension Preparation {
  mutating func lowered(
    _ kind: dlm_lowered, _ shape: ConvolutionShape, x: Memory, w: Memory, y: Memory,
    epilogue: (UnsafePointer<dlm_map>, PreparedProgram)?
  ) -> [dlm_step] {
    var arguments = self.arguments(kind, shape, x: x, w: w, y: y)
    arguments.epilogue = epilogue.map { UnsafePointer($0.0) }
    let images = shape.samples * shape.groups
    let scratch = divide(&arguments, shape, images: images)
    return [
      step(
        kernels.convolve_lowered, arguments, units: images * Int(arguments.bands),
        cost: Double(shape.multiplications) / 20,
        scratch: scratch + (epilogue?.1.scratchByteCount ?? 0))
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
    var arguments = self.arguments(dlm_lowered_weight, shape, x: x, w: dw, y: dy)
    arguments.share = Int64(share)
    let scratch = divide(&arguments, shape, images: shares)
    let units = shares * Int(arguments.bands)
    let partial = takeShared(dims: [units] + dw.dims)
    arguments.weights = partial.view(axes: [])
    let products = step(
      kernels.convolve_lowered, arguments, units: units,
      cost: Double(shape.multiplications) / 20, scratch: scratch)
    var result = dw
    result.dims.insert(1, at: 0)
    result.strides.insert(0, at: 0)
    guard let sum = reduce(.sum, .copy(), [0], [partial], [result]) else { return nil }
    return [products] + sum
  }

  private func arguments(
    _ kind: dlm_lowered, _ shape: ConvolutionShape, x: Memory, w: Memory, y: Memory
  ) -> dlm_lower {
    var arguments = dlm_lower()
    arguments.kind = kind
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

  /// Divides images into bands, so that threads have a few units each, whatever their number, and
  /// forwards the windows of one stay in the second cache.
  ///
  /// - Returns: bytes of scratch for the windows of a band and a panel of a product.
  private func divide(_ arguments: inout dlm_lower, _ shape: ConvolutionShape, images: Int) -> Int {
    let taps = shape.window.size.reduce(1, *)
    let (lines, width) = (shape.output[0] * shape.output[1], shape.output[2])
    let rows = shape.inputsPerGroup * taps
    var bands = (8 + images - 1) / max(1, images)
    var room: Int
    if arguments.kind == dlm_lowered_input {
      bands = min(bands, shape.inputsPerGroup)
      room = (shape.inputsPerGroup + bands - 1) / bands * taps * lines * width
    } else {
      if arguments.kind == dlm_lowered_forward { bands = max(bands, rows * lines * width / 65536) }
      bands = max(1, min(bands, lines))
      room = (lines + bands - 1) / bands * width * rows
    }
    room = (room + 15) / 16 * 16
    (arguments.bands, arguments.window_room) = (Int64(bands), Int64(room))
    return room * 4 + Int(kernels.product_scratch)
  }
}
