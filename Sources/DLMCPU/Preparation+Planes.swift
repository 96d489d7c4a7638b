import CDLMKernels
import DLMTensor

/// Row-major convolutions whose channels have one input and one output each: plane by plane, without a matrix.
extension Preparation {
  /// Floats of the lines that are copied at a time: most of the first cache.
  private static var copyLimit: Int { 7168 }

  /// Operands and result as `dlm_planes` has them for the kind; nil where the general form has to do it.
  mutating func planes(
    _ kind: dlm_planes_kind, _ shape: ConvolutionShape, _ first: Memory, _ second: Memory,
    _ result: Memory
  ) -> [dlm_step]? {
    guard shape.isPlaneByPlane, result.isDense else { return nil }
    let window = shape.window
    var arguments = dlm_planes()
    arguments.kind = kind
    arguments.first = first.view(axes: [])
    arguments.second = second.view(axes: [])
    arguments.result = result.view(axes: [])
    (arguments.samples, arguments.channels) = (Int64(shape.samples), Int64(shape.channels))
    fill(&arguments.in, Array(shape.input.dropFirst()))
    fill(&arguments.out, Array(shape.output.dropFirst()))
    fill(&arguments.size, Array(window.size.dropFirst()))
    fill(&arguments.stride, Array(window.stride.dropFirst()))
    fill(&arguments.low, Array(window.low.dropFirst()))
    fill(&arguments.dilation, Array(window.dilation.dropFirst()))
    let (block, band) = block(of: shape, kind)
    (arguments.block, arguments.band) = (Int64(block), Int64(band))
    let units = shape.channels * (kind == dlm_planes_weights ? 1 : shape.samples)
    return [
      step(
        kernels.planes, arguments, units: units, cost: Double(shape.multiplications) / 15,
        scratch: Int(kernels.planes_scratch(&arguments)))
    ]
  }

  /// Elements of a line at a time, and lines, so that what is copied for them stays in the first cache.
  private func block(of shape: ConvolutionShape, _ kind: dlm_planes_kind) -> (Int, Int) {
    let window = shape.window
    let lanes = Int(kernels.lanes)
    let isBack = kind == dlm_planes_input
    func places(_ axis: Int) -> Int {
      let (low, stride) = (window.low[axis], window.stride[axis])
      guard isBack else { return shape.output[axis] }
      return (low + shape.input[axis] - 1) / stride - low / stride + 1
    }
    func reach(_ axis: Int) -> Int {
      (window.size[axis] - 1) * window.dilation[axis] / window.stride[axis]
    }
    let block = (min(places(2), 512) + lanes - 1) / lanes * lanes
    let line = (block + reach(2)) * (isBack ? 1 : window.stride[2] * window.stride[1])
    let fitting = Self.copyLimit / line - reach(1)
    let band = min(max(8, fitting / 8 * 8), 32, (places(1) + 7) / 8 * 8)
    return (block, band)
  }
}

extension ConvolutionShape {
  /// Whether channels have one input and one output each, on two spatial axes at most.
  fileprivate var isPlaneByPlane: Bool {
    groups > 1 && groups == channels && groups == outputs && input[0] == 1 && output[0] == 1
      && window.size[0] == 1 && window.low.allSatisfy { $0 >= 0 } && window.low[0] == 0
      && (input + output).allSatisfy { $0 > 0 }
  }
}
