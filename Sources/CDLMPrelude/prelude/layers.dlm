/// Affine map of the last axis: `x @ w.T + b`. Weights and bias start uniform in `±1/sqrt(I)`.
///
/// `x: real[...S, I]`, `w: real[out, I]`, `b: real[out]`; the width `I` is that of the input.
/// `in` only states the width that is expected.
/// Source: He et al. 2015, https://arxiv.org/abs/1502.01852 (slope `sqrt(5)`)
/// ```dlm
/// print Linear(3)(ones[2, 4])
/// //> [[-0.16512, -0.88349, -0.05953],
/// //>  [-0.16512, -0.88349, -0.05953]]
/// ```
layer Linear(out: int, in: int = I, bias: bool = true)(x: real[...S, I]) -> real[...S, out]
    where I == in : "Linear was told to expect {in} features, but gets {I}",
          out >= 1 : "Linear needs a width of at least 1, but got {out}"
{
    let r = 1 / sqrt(I)
    param w: real[out, I] = uniform(-r, r), b: real[out] = uniform(-r, r) if bias
    let y = x @ w.T
    bias ? y + b : y
}

/// Cross-correlation with learned windows, in 1, 2 or 3 spatial dims.
///
/// `x: real[B, C, ...S]`, `w: real[out, C/groups, ...k]`, `b: real[out]`; weights and bias start
/// uniform in `±1/sqrt(C/groups * prod(k))`. `pad` zeros go on both sides of each axis; any other
/// border is a `pad` in front, which costs nothing: the windows stand over the edge. Below, a place
/// in time sees itself and the two before it; `pad(low: 0, high: 1, over: [H, W])` is what
/// TensorFlow's `"same"` adds to an even image before `Conv(8, k: 3, stride: 2)`.
/// Source: LeCun et al. 1998, Gradient-based learning applied to document recognition.
/// ```dlm
/// layer Causal(x: real[B, C, T]) -> real[B, 1, T] {
///     x |> pad(low: 2, high: 0, over: T) |> Conv(1, k: 3, bias: false)
/// }
/// print Causal()([[[1.0, 0.0, 0.0, 0.0, 0.0]]])
/// //> [[[0.24161, -0.23082, 0.17867, 0, 0]]]
/// print Conv(2, k: 3)(ones[1, 1, 5, 5])
/// //> [[[[-0.10372, -0.10372, -0.10372],
/// //>    [-0.10372, -0.10372, -0.10372],
/// //>    [-0.10372, -0.10372, -0.10372]],
/// //>   [[0.48892, 0.48892, 0.48892],
/// //>    [0.48892, 0.48892, 0.48892],
/// //>    [0.48892, 0.48892, 0.48892]]]]
/// ```
layer Conv(out: int, k: ints, stride: ints = 1, pad: ints = 0, groups: int = 1, bias: bool = true)
          (x: real[B, C, ...S]) -> real[B, out, ...((S + 2*pad - k) div stride + 1)]
    where C % groups == 0 : "Conv cannot split {C} channels into {groups} groups",
          out % groups == 0 : "Conv cannot split {out} outputs into {groups} groups",
          out >= 1 : "Conv needs at least 1 output channel, but got {out}",
          k >= 1 : "Conv needs windows of at least 1, but got {k}",
          stride >= 1 : "Conv needs a stride of at least 1, but got {stride}",
          pad >= 0 : "the width of a border is not negative, but this is {pad}",
          S + 2*pad >= k : "Conv(k: {k}) needs every spatial size ≥ {k - 2*pad}, but got {S}"
{
    let r = 1 / sqrt(C / groups * prod(k))
    param w: real[out, C/groups, ...k] = uniform(-r, r), b: real[out] = uniform(-r, r) if bias
    let y = convolve(x, w, stride: stride, pad: pad, groups: groups)
    bias ? y + b along 1 : y
}

/// In training, drops each element with probability `p` and scales the others by `1/(1-p)`.
/// Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from
/// overfitting.
/// ```dlm
/// print Dropout(0.5)(ones[2, 2])
/// //> [[1, 1],
/// //>  [1, 1]]
/// ```
layer Dropout(p: real = 0.5)(x: real[...S]) -> real[...S]
    where p >= 0 and p < 1 : "Dropout needs a probability in 0..<1, but got {p}"
{
    training ? x * (real(uniform[...S] >= p) / (1 - p)) : x
}

/// In training, drops whole channels with probability `p` and scales the others by `1/(1-p)`.
/// Source: Tompson et al. 2014, https://arxiv.org/abs/1411.4280
/// ```dlm
/// print Dropout2d(0.5)(ones[1, 2, 2, 2])
/// //> [[[[1, 1],
/// //>    [1, 1]],
/// //>   [[1, 1],
/// //>    [1, 1]]]]
/// ```
layer Dropout2d(p: real = 0.5)(x: real[B, C, H, W]) -> real[B, C, H, W]
    where p >= 0 and p < 1 : "Dropout2d needs a probability in 0..<1, but got {p}"
{
    training ? x * (real(uniform[B, C, 1, 1] >= p) / (1 - p)) : x
}
