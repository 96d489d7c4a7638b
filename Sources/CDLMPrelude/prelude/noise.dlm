/// In training, adds to each element a draw of a normal distribution around 0.
/// Source: Bishop 1995, Training with noise is equivalent to Tikhonov regularization.
/// ```dlm
/// print GaussianNoise(0.1)([[1.0, 2.0]])
/// //> [[1, 2]]
/// ```
layer GaussianNoise(deviation: real)(x: real[...S]) -> real[...S]
    where deviation >= 0 : "GaussianNoise needs a deviation of at least 0, but got {deviation}"
{
    training ? x + deviation * normal like x : x
}

/// In training, multiplies each element by a draw around 1, as wide as the noise of `Dropout(p)`.
/// Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from
/// overfitting, section 10.
/// ```dlm
/// print GaussianDropout(0.5)([[1.0, 2.0]])
/// //> [[1, 2]]
/// ```
layer GaussianDropout(p: real = 0.5)(x: real[...S]) -> real[...S]
    where p >= 0, p < 1 : "GaussianDropout needs a probability in 0..<1, but got {p}"
{
    training ? x * (1 + sqrt(p / (1 - p)) * normal like x) : x
}

/// In training, drops whole channels of any number of spatial axes, and scales the others by
/// `1/(1-p)`.
/// Source: Tompson et al. 2014, https://arxiv.org/abs/1411.4280
/// ```dlm
/// print sum(ChannelDropout(0.5)(ones[1, 2, 4]))
/// //> 8
/// ```
layer ChannelDropout(p: real = 0.5)(x: real[B, C, ...S]) -> real[B, C, ...S]
    where p >= 0, p < 1 : "ChannelDropout needs a probability in 0..<1, but got {p}"
{
    let flat = reshape(x, [B, C, prod(S)])
    training ? reshape(flat * (real(uniform[B, C, 1] >= p) / (1 - p)), [B, C, ...S]) : x
}

/// `Linear` of which, in training, each weight is dropped with probability `p` and the others are
/// scaled by `1/(1-p)`.
///
/// `w: real[out, I]`, `b: real[out]`. One draw of weights serves the whole batch.
/// Source: Wan et al. 2013, Regularization of neural networks using DropConnect.
/// ```dlm
/// print DropConnect(3)(ones[2, 4]) * 0
/// //> [[0, 0, 0],
/// //>  [0, 0, 0]]
/// ```
layer DropConnect(out: int, p: real = 0.5)(x: real[...S, I]) -> real[...S, out]
    where p >= 0, p < 1 : "DropConnect needs a probability in 0..<1, but got {p}"
{
    let r = 1 / sqrt(I)
    param w: real[out, I] = uniform(-r, r), b: real[out] = uniform(-r, r)
    x @ (training ? w * (real(uniform[out, I] >= p) / (1 - p)) : w).T + b
}
