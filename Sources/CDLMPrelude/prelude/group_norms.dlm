/// The mean of `x` over each group of channels and their space, for every channel.
/// Source: definition.
/// ```dlm
/// print mean_of_groups([[[1.0, 3.0], [4.0, 4.0], [7.0, 8.0], [9.0, 8.0]]], 2)
/// //> [[[3],
/// //>   [3],
/// //>   [8],
/// //>   [8]]]
/// ```
fn mean_of_groups(x: real[B, C, S], groups: int) -> real[B, C, 1] {
    let parts = reshape(mean(x, over: 2), [B, groups, C / groups])
    reshape(mean(parts, over: 2, keep: true) + zeros[B, groups, C / groups], [B, C, 1])
}

/// `x` with mean 0 and variance 1 over each group of channels and their space; `eps` is added to
/// the variance. Its gradient is that of `standardized`.
/// Source: Wu and He 2018, https://arxiv.org/abs/1803.08494
/// ```dlm
/// print standardized_groups([[[1.0, 2.0], [3.0, 4.0]]], 2)
/// //> [[[-0.99998, 0.99998],
/// //>   [-0.99998, 0.99998]]]
/// ```
fn standardized_groups(x: real[B, C, S], groups: int, eps: real = 1e-5) -> real[B, C, S] {
    let m = mean_of_groups(x, groups)
    let v = mean_of_groups((x - m)^2, groups)
    (x - m) * (1 / sqrt(v + eps))
} grad (g) {
    let m = mean_of_groups(x, groups)
    let v = mean_of_groups((x - m)^2, groups)
    let r = 1 / sqrt(v + eps)
    let y = (x - m) * r
    r * (g - mean_of_groups(g, groups) - y * mean_of_groups(g * y, groups))
}

/// Normalises groups of channels of each sample over their space, then scales and shifts each
/// channel.
///
/// `x: real[B, C, ...S]`, `gain: real[C]`, `bias: real[C]`.
/// Source: Wu and He 2018, https://arxiv.org/abs/1803.08494
/// ```dlm
/// print GroupNorm(1)([[[1.0, 2.0], [3.0, 4.0]]])
/// //> [[[-1.34164, -0.44721],
/// //>   [0.44721, 1.34164]]]
/// ```
layer GroupNorm(groups: int, eps: real = 1e-5)(x: real[B, C, ...S]) -> real[B, C, ...S]
    where C % groups == 0 : "GroupNorm cannot split {C} channels into {groups} groups",
          eps >= 0 and eps < 1 :
              "the eps of GroupNorm lies in 0..<1, but is {eps}; it finds the channels itself"
{
    param gain: real[C] = 1, bias: real[C] = 0
    let same = standardized_groups(reshape(x, [B, C, prod(S)]), groups, eps)
    reshape(same, [B, C, ...S]) * gain along 1 + bias along 1
}

/// Normalises each channel of each sample over its space; with `affine` scales and shifts it.
///
/// `x: real[B, C, ...S]`.
/// Source: Ulyanov, Vedaldi and Lempitsky 2016, https://arxiv.org/abs/1607.08022
/// ```dlm
/// print InstanceNorm()([[[1.0, 2.0, 3.0]]])
/// //> [[[-1.22474, 0, 1.22474]]]
/// ```
layer InstanceNorm(eps: real = 1e-5, affine: bool = false)(
    x: real[B, C, ...S]
) -> real[B, C, ...S]
    where eps >= 0 and eps < 1 :
        "the eps of InstanceNorm lies in 0..<1, but is {eps}; it finds the channels itself"
{
    param gain: real[C] = 1 if affine, bias: real[C] = 0 if affine
    let flat = reshape(x, [B, C, prod(S)])
    let same = reshape(standardized(flat, eps), [B, C, ...S])
    affine ? same * gain along 1 + bias along 1 : same
}

/// Divides the last axis by the root of its mean square, then scales it.
///
/// `x: real[...S, D]`, `gain: real[D]`.
/// Source: Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
/// ```dlm
/// print RMSNorm()([[3.0, 4.0]])
/// //> [[0.84853, 1.13137]]
/// ```
layer RMSNorm(eps: real = 1e-6)(x: real[...S, D]) -> real[...S, D]
    where eps >= 0 and eps < 1 :
        "the eps of RMSNorm lies in 0..<1, but is {eps}; the width is that of its input"
{
    param gain: real[D] = 1
    x / sqrt(mean(x^2, over: -1, keep: true) + eps) * gain
}
