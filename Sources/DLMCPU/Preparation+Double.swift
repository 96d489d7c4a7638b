import CDLMKernels
import DLMTensor

/// Products and convolutions of `f64`.
extension Preparation {
  mutating func matmulDouble(_ a: Memory, _ b: Memory, _ c: Memory) -> [dlm_step]? {
    let rank = c.dims.count
    guard [a, b, c].allSatisfy({ $0.elementType == .f64 }), rank - 2 <= DLM_RANK else { return nil }
    let (rows, columns) = (rank - 2, rank - 1)
    let batch = Array(0..<rows)
    var arguments = dlm_product64()
    (arguments.a, arguments.b, arguments.c) = (
      a.view(axes: batch), b.view(axes: batch), c.view(axes: batch)
    )
    arguments.rank = Int32(batch.count)
    fill(&arguments.dims, batch.map { c.dims[$0] })
    (arguments.m, arguments.n) = (Int64(c.dims[rows]), Int64(c.dims[columns]))
    arguments.k = Int64(a.dims[columns])
    (arguments.am, arguments.ak) = (Int64(a.strides[rows]), Int64(a.strides[columns]))
    (arguments.bk, arguments.bn) = (Int64(b.strides[rows]), Int64(b.strides[columns]))
    (arguments.cm, arguments.cn) = (Int64(c.strides[rows]), Int64(c.strides[columns]))
    return [
      step(
        dlm_product64_run, arguments, units: c.dims.dropLast().reduce(1, *),
        cost: Double(c.count * a.dims[columns]) * 0.5)
    ]
  }

  /// x, weights and y of a convolution, one of them the result.
  mutating func convolveDouble(
    _ kind: dlm_convolution, _ window: Window, groups: Int, _ layout: Layout, x: Memory,
    _ w: Memory,
    y: Memory
  ) -> [dlm_step]? {
    guard layout == .rowMajor,
      [x, w, y].allSatisfy({ $0.elementType == .f64 && $0.isDense })
    else { return nil }
    let ones = [Int](repeating: 1, count: 3 - window.size.count)
    let filled = window.filledToThree
    var arguments = dlm_convolve64()
    arguments.kind = kind
    (arguments.x, arguments.weights, arguments.y) = (
      x.view(axes: []), w.view(axes: []), y.view(axes: [])
    )
    (arguments.samples, arguments.groups) = (Int64(x.dims[0]), Int64(groups))
    (arguments.inputs, arguments.outputs) = (Int64(w.dims[1]), Int64(w.dims[0]))
    fill(&arguments.in, ones + x.dims.dropFirst(2))
    fill(&arguments.out, ones + y.dims.dropFirst(2))
    fill(&arguments.kernel, filled.size)
    fill(&arguments.stride, filled.stride)
    fill(&arguments.low, filled.low)
    fill(&arguments.dilation, filled.dilation)
    let units =
      switch kind {
      case dlm_convolution_forward: y.dims[0] * y.dims[1]
      case dlm_convolution_input: x.dims[0]
      default: w.dims[0]
      }
    return [
      step(
        dlm_convolve64_run, arguments, units: units,
        cost: Double(y.count * w.dims.dropFirst().reduce(1, *)) * 2)
    ]
  }
}
