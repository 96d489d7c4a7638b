/// A kernel family and its parameters; the comments are the definition, `Reference` the plain code.
///
/// Views are given in the order of the comment. Where a family takes strided views, any strides are
/// legal; where it says *dense*, the view is contiguous in the layout named.
package enum Kernel: Hashable, Sendable {
  /// `results[r][i] = program(operands[0][i], ...)` for every index `i`. All views have the same dims
  /// (operands broadcast by stride 0) and any strides. A result may be the same view as an operand.
  case map(ScalarProgram)

  /// `results[r] = reduction over axes of output r of program(operands...)`. Operands share dims; results
  /// have the same rank with length 1 on `axes`. Reducing nothing yields the identity.
  case reduce(Reduction, ScalarProgram, axes: [Int])

  /// Index (`i32`) of the first largest or smallest element along `axis`; NaN counts as the largest
  /// for `max` and the smallest for `min`. The result has length 1 on `axis`.
  case indexOf(Extremum, axis: Int)

  /// `c[..., m, n] = epilogue(sum over k of a[..., m, k] b[..., k, n], extra operands...)`.
  ///
  /// Operands: a, b, then the epilogue's further inputs, broadcast to the dims of c. The epilogue's
  /// register 0 is the sum, its outputs are the results, all of c's dims; without one the sum is stored.
  /// Any strides; leading axes are batches. A result may lie where a further input lies, if both have the
  /// same strides.
  case matmul(epilogue: ScalarProgram?)

  /// `o = softmax(scale q k.T) v` over the last axes, of which leading ones are batches.
  ///
  /// Operands: q `[..., m, d]`, k `[..., n, d]`, v `[..., n, e]`, any strides; where scores may be hidden a
  /// mask `[..., m, n]` of truth values, dense along its last axis. Results: o `[..., m, e]`, dense along
  /// its last axis; the largest score and the sum of e^(score - largest), `[..., m, 2]`.
  case attention(Attention)
  /// Gradients of `attention`. Operands: q, k, v, perhaps the mask, o, largest scores and sums, and dy, which is
  /// like o. Results: dq, dk, dv, like q, k and v and dense along their last axes.
  case attentionGradient(Attention)

  /// Cross-correlation. Operands: x `[N, C, ...S]`, w `[O, C/groups, ...K]`, then the epilogue's
  /// further inputs broadcast to the result's dims. Result `[N, O, ...T]`, or as many as the epilogue has
  /// outputs.
  case convolve(Window, groups: Int, Layout, epilogue: ScalarProgram?)
  /// Gradient of `convolve` in x. Operands: dy, w. Result `[N, C, ...S]`.
  case convolveInputGradient(Window, groups: Int, Layout)
  /// Gradient of `convolve` in w. Operands: x, dy. Result `[O, C/groups, ...K]`. The last `absent` samples,
  /// fewer than lanes, do not count, whatever they are.
  case convolveWeightGradient(Window, groups: Int, Layout, absent: Int = 0)

  /// Largest element of each window; padding never wins. Operand x. Result `[N, C, ...T]`.
  case maxPool(Window, Layout)
  /// Adds dy to the place of each window's first largest element. Operands: x, dy. Result like x.
  case maxPoolScatter(Window, Layout)
  /// The elements of v at the places of the largest of x. Operands: x, v (like x). Result `[N, C, ...T]`.
  case maxPoolGather(Window, Layout)
  /// Mean of each window over its `prod(size)` elements, padding counted as 0. Operand x.
  case meanPool(Window, Layout)
  /// Gradient of `meanPool`. Operand dy. Result like x.
  case meanPoolGradient(Window, Layout)

  /// `y[p, i, q] = x[p, index[i], q]`: x `[P, V, Q]`, index `[I]` (i32, dense), y `[P, I, Q]`.
  /// An index outside `0..<V` stops the run with `ExecutionError.indexOutOfRange`.
  case gather
  /// `y[p, v, q] = sum over i with index[i] = v of x[p, i, q]`, in order of i. Operands: x `[P, I, Q]`,
  /// index `[I]`; y `[P, V, Q]`.
  case scatterAdd
  /// `y[p, q] = x[p, index[p, q], q]`: one element per place along the middle axis. x `[P, V, Q]`,
  /// index `[P, Q]` i32, y `[P, Q]`. Any strides.
  case pick
  /// Gradient of `pick`: zero but for `y[p, index[p, q], q] = x[p, q]`. Operands: x `[P, Q]`, index.
  case place

  /// Draws for every element from the counter-based generator. Element `e` (row-major) of a run whose
  /// counter is `t` depends only on (`seed` of the run, `stream`, `t`, e). `fixed` ignores the counter.
  /// Result dense row-major. Uniform in [0, 1) or standard normal.
  case random(Distribution, stream: UInt64, fixed: Bool)

  /// `y[i...] = i[axis]`.
  case iota(axis: Int)

  /// Something done with whole arrays, dense and row-major.
  case routine(Routine)
  /// A schedule for each place of a recurrence.
  case loop(LoopKernel)
}

/// How scores of attention are made from products of queries and keys.
package struct Attention: Hashable, Sendable {
  package var scale: Double
  /// What a score is where the mask holds; nil where there is no mask.
  package var hidden: Double?

  /// Queries of one head that are worth a unit of work of their own.
  package static let leastShare = 128

  package init(scale: Double, hidden: Double?) {
    self.scale = scale
    self.hidden = hidden
  }
}

package enum Reduction: String, Hashable, Sendable { case sum, product, max, min }
package enum Extremum: String, Hashable, Sendable { case max, min }
package enum Distribution: String, Hashable, Sendable { case uniform, normal }

/// A sliding window over the spatial axes; every array has one entry an axis (1, 2 or 3).
///
/// Length of an axis after it: `(S + low + high - (dilation * (size - 1) + 1)) div stride + 1`.
package struct Window: Hashable, Sendable {
  package var size: [Int]
  package var stride: [Int]
  package var low: [Int]
  package var high: [Int]
  package var dilation: [Int]

  package init(size: [Int], stride: [Int], low: [Int], high: [Int], dilation: [Int]) {
    self.size = size
    self.stride = stride
    self.low = low
    self.high = high
    self.dilation = dilation
  }

  /// How often the window fits into `length` along `axis`.
  package func outputLength(_ length: Int, axis: Int) -> Int {
    let reach = dilation[axis] * (size[axis] - 1) + 1
    return (length + low[axis] + high[axis] - reach) / stride[axis] + 1
  }
}

/// The order in memory of image-like tensors (`[N, C, ...S]`) that a windowed kernel reads and writes.
package enum Layout: Hashable, Sendable {
  /// Dense `[N, C, ...S]`; the views have these dims.
  case rowMajor
  /// Dense `[N/lanes, ...S, C, lanes]`: the samples of a block lie next to each other, so that vector
  /// lanes are samples. `lanes` divides N and is a multiple of 8; the views have these dims, so that
  /// element-wise and reducing kernels see an ordinary tensor. Weights stay row-major.
  case batchInner(lanes: Int)
}
