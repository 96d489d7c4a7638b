/// `Linear` whose weights are divided by their largest singular value, found by turns of the power
/// method.
///
/// `x: real[...S, I]`, `w: real[out, I]`, `b: real[out]`, `u: real[out]` is kept; it takes one turn
/// in each step of training.
/// Source: Miyato et al. 2018, https://arxiv.org/abs/1802.05957
/// ```dlm
/// print SpectralLinear(3)(ones[2, 4]) * 0
/// //> [[0, 0, 0],
/// //>  [0, 0, 0]]
/// ```
layer SpectralLinear(out: int)(x: real[...S, I]) -> real[...S, out] {
    let r = 1 / sqrt(I)
    param w: real[out, I] = uniform(-r, r), b: real[out] = uniform(-r, r)
    state u: real[out] = normal(0, 1)
    let (size, next) = largest_singular(w, u)
    if training { u = next }
    x @ w.T / size + b
}

/// `Conv` whose weights, as a matrix `[out, C * prod(k)]`, are divided by their largest singular
/// value.
///
/// `w: real[out, C, ...k]`, `b: real[out]`, `u: real[out]` is kept.
/// Source: Miyato et al. 2018, https://arxiv.org/abs/1802.05957
/// ```dlm
/// print SpectralConv(2, k: 3)(ones[1, 1, 3, 3]) * 0
/// //> [[[[0]],
/// //>   [[0]]]]
/// ```
layer SpectralConv(out: int, k: ints, stride: ints = 1, pad: ints = 0)
                  (x: real[B, C, ...S]) -> real[B, out, ...((S + 2*pad - k) div stride + 1)]
    where S + 2*pad >= k :
        "SpectralConv(k: {k}) needs every spatial size ≥ {k - 2*pad}, but got {S}"
{
    let r = 1 / sqrt(C * prod(k))
    param w: real[out, C, ...k] = uniform(-r, r), b: real[out] = uniform(-r, r)
    state u: real[out] = normal(0, 1)
    let (size, next) = largest_singular(reshape(w, [out, C * prod(k)]), u)
    if training { u = next }
    convolve(x, w / size, stride: stride, pad: pad) + b along 1
}

/// One turn of the power method: the largest singular value of `w: real[M, N]`, and what
/// `u: real[M]` becomes. The vectors are constants for gradients.
/// Source: Mises and Pollaczek-Geiringer 1929, Praktische Verfahren der Gleichungsaufloesung.
/// ```dlm
/// print largest_singular([[3.0, 0.0], [0.0, 1.0]], [1.0, 0.0])
/// //> (3, [1, 0])
/// ```
fn largest_singular(w: real[M, N], u: real[M]) {
    let fixed_w = stop_gradient(w), start = stop_gradient(u)
    let a = (start[new, ..] @ fixed_w)[0]
    let v = a / maximum(sqrt(sum(a^2)), 1e-12)
    let b = (fixed_w @ v[.., new])[.., 0]
    let next = stop_gradient(b / maximum(sqrt(sum(b^2)), 1e-12))
    (sum(next * (w @ stop_gradient(v)[.., new])[.., 0]), next)
}

/// `Linear` whose weights are a direction and a length for each unit, trained apart.
///
/// `x: real[...S, I]`, `v: real[out, I]`, `g: real[out]`, `b: real[out]`; the weights are
/// `g * v / |v|`.
/// Source: Salimans and Kingma 2016, https://arxiv.org/abs/1602.07868
/// ```dlm
/// print WeightNormLinear(3)(ones[2, 4]) * 0
/// //> [[0, 0, 0],
/// //>  [0, 0, 0]]
/// ```
layer WeightNormLinear(out: int)(x: real[...S, I]) -> real[...S, out] {
    let r = 1 / sqrt(I)
    param v: real[out, I] = uniform(-r, r)
    param g: real[out] = fn (g) { sqrt(sum(v^2, over: 1)) }, b: real[out] = uniform(-r, r)
    x @ v.T * (g / norm(v, over: 1)) + b
}
