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
    return [
      step(
        kernels.convolve_lowered, arguments, units: shape.samples * shape.groups,
        cost: Double(shape.multiplications) / 20,
        scratch: scratch(shape) + (epilogue?.1.scratchByteCount ?? 0))
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
    let partial = takeShared(dims: [shares] + dw.dims)
    var arguments = self.arguments(dlm_lowered_weight, shape, x: x, w: partial, y: dy)
    arguments.share = Int64(share)
    let products = step(
      kernels.convolve_lowered, arguments, units: shares,
      cost: Double(shape.multiplications) / 20, scratch: scratch(shape))
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

  /// The matrix of windows and a panel of a product.
  private func scratch(_ shape: ConvolutionShape) -> Int {
    let windows =
      shape.inputsPerGroup * shape.window.size.reduce(1, *) * shape.output.reduce(1, *)
    return (windows + 15) / 16 * 64 + Int(kernels.product_scratch)
  }
}
