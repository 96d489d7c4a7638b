/// Mean and variance of `x` over some axes, which go: `(mean, variance)`. The variance divides by
/// the number of elements, as that of a batch does.
/// Source: definition.
/// ```dlm
/// print moments([[1.0, 2.0, 3.0, 4.0]], over: -1)
/// //> ([2.5], [1.25])
/// ```
fn moments(x: real[...S], over: axes) {
    let m = mean(x, over: over, keep: true)
    (mean(x, over: over), mean((x - m)^2, over: over))
}

/// `x` with mean 0 and variance 1 along its last axis; `eps` is added to the variance.
///
/// With `y = (x - m) * r` the gradient of `x` is `r * (g - mean(g) - y * mean(g * y))`: nothing but
/// `y` and `r` is kept for it.
/// Source: Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, section 3
/// ```dlm
/// print standardized([1.0, 2.0, 3.0])
/// //> [-1.22474, 0, 1.22474]
/// ```
fn standardized(x: real[...S, D], eps: real = 1e-5) -> real[...S, D] {
    let m = mean(x, over: -1, keep: true)
    let v = mean((x - m)^2, over: -1, keep: true)
    (x - m) * (1 / sqrt(v + eps))
} grad (g) {
    let m = mean(x, over: -1, keep: true)
    let v = mean((x - m)^2, over: -1, keep: true)
    let r = 1 / sqrt(v + eps)
    let y = (x - m) * r
    r * (g - mean(g, over: -1, keep: true) - y * mean(g * y, over: -1, keep: true))
}

/// Normalises each channel over batch and space, then scales and shifts it.
///
/// `x: real[B, C, ...S]`. In training with the statistics of the batch, whose running means are
/// kept; in evaluation with those. The running variance divides by the number of elements less one.
/// Source: Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167
/// ```dlm
/// print BatchNorm()(ones[2, 3, 2, 2])[0, .., 0, 0]
/// //> [0.99999, 0.99999, 0.99999]
/// ```
layer BatchNorm(momentum: real = 0.1, eps: real = 1e-5)(x: real[B, C, ...S]) -> real[B, C, ...S]
    where momentum >= 0 and momentum <= 1 :
        "the momentum of BatchNorm lies in 0..1, but is {momentum}; it finds the channels itself",
          eps >= 0 and eps < 1 : "the eps of BatchNorm lies in 0..<1, but is {eps}"
{
    param gain: real[C] = 1, bias: real[C] = 0
    state mean: real[C] = 0, var: real[C] = 1
    if training {
        when training where B * prod(S) >= 2 : "BatchNorm needs two values for each channel" {}
        let (m, v) = moments(x, over: all but C)
        let n = B * prod(S)
        mean = lerp(mean, m, momentum)
        var = lerp(var, v * (n / (n - 1)), momentum)
        (x - m along 1) * (gain / sqrt(v + eps)) along 1 + bias along 1
    } else {
        (x - mean along 1) * (gain / sqrt(var + eps)) along 1 + bias along 1
    }
}

/// Normalises the last axis of each sample, then scales and shifts it.
///
/// `x: real[...S, D]`.
/// Source: Ba, Kiros and Hinton 2016, https://arxiv.org/abs/1607.06450
/// ```dlm
/// print LayerNorm()([[1.0, 2.0, 3.0]])
/// //> [[-1.22474, 0, 1.22474]]
/// ```
layer LayerNorm(eps: real = 1e-5)(x: real[...S, D]) -> real[...S, D]
    where eps >= 0 and eps < 1 :
        "the eps of LayerNorm lies in 0..<1, but is {eps}; the width is that of its input"
{
    param gain: real[D] = 1, bias: real[D] = 0
    standardized(x, eps) * gain + bias
}
