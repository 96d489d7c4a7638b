/// Transposed convolution: the gradient of `Conv` in its images, as a layer that widens them.
///
/// `x: real[B, C, ...S]`, `w: real[C, out/groups, ...k]`, `b: real[out]`; uniform in
/// `±1/sqrt(out/groups * prod(k))`. With a stride several sizes give one size: `extra` says how
/// many places more come out at the end. `pad` cuts as many off both ends; `y[.., .., 0..<n]` keeps
/// another part of what comes out.
/// Source: Zeiler et al. 2010, Deconvolutional networks.
/// ```dlm
/// print sum(ConvT(2, k: 2, stride: 2)(zeros[1, 1, 2, 2])) * 0
/// //> 0
/// ```
layer ConvT(
    out: int, k: ints, stride: ints = 1, pad: ints = 0, groups: int = 1, extra: ints = 0,
    bias: bool = true
)(x: real[B, C, ...S]) -> real[B, out, ...((S - 1) * stride - 2*pad + k + extra)]
    where (S - 1) * stride + k + extra >= 2*pad + 1 : "ConvT(pad: {pad}) leaves nothing of {S}",
          C % groups == 0 : "ConvT cannot split {C} channels into {groups} groups",
          out % groups == 0 : "ConvT cannot split {out} outputs into {groups} groups"
{
    let r = 1 / sqrt(out / groups * prod(k))
    param w: real[C, out/groups, ...k] = uniform(-r, r), b: real[out] = uniform(-r, r) if bias
    let y = convolve_transposed(x, w, stride: stride, pad: pad, groups: groups, extra: extra)
    bias ? y + b along 1 : y
}

/// Cross-correlation whose windows take every `dilation`-th place: they see far with few weights.
///
/// `x: real[B, C, ...S]`, `w: real[out, C/groups, ...k]`, `b: real[out]`, uniform in
/// `±1/sqrt(C/groups * prod(k))`. Behind `pad(low: dilation * (k - 1), high: 0, over: T)` no place
/// sees a later one.
/// Source: Yu and Koltun 2015, https://arxiv.org/abs/1511.07122
/// ```dlm
/// print DilatedConv(2, k: 3, dilation: 2)(ones[1, 1, 5]) * 0
/// //> [[[0],
/// //>   [0]]]
/// ```
layer DilatedConv(
    out: int, k: ints, dilation: ints, stride: ints = 1, pad: ints = 0, groups: int = 1,
    bias: bool = true
)(x: real[B, C, ...S]) -> real[B, out, ...((S + 2*pad - dilation * (k - 1) - 1) div stride + 1)]
    where C % groups == 0 : "DilatedConv cannot split {C} channels into {groups} groups",
          out % groups == 0 : "DilatedConv cannot split {out} outputs into {groups} groups",
          S + 2*pad >= dilation * (k - 1) + 1 :
              "DilatedConv(k: {k}, dilation: {dilation}) does not fit into {S}"
{
    let r = 1 / sqrt(C / groups * prod(k))
    param w: real[out, C/groups, ...k] = uniform(-r, r), b: real[out] = uniform(-r, r) if bias
    let y = convolve(x, w, stride: stride, pad: pad, groups: groups, dilation: dilation)
    bias ? y + b along 1 : y
}
