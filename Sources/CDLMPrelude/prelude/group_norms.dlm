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
    let grouped = reshape(x, [B, groups, C / groups, ...S])
    let parts = reshape(grouped, [B, groups, C / groups * prod(S)])
    let same = reshape(standardized(parts, eps), [B, groups, C / groups, ...S])
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
