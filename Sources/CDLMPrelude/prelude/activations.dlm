/// Rectified linear unit: the positive part of each element.
/// Source: Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines.
/// ```
/// print relu([-1.0, 2.0])
/// ```
fn relu(x: real[...S]) -> real[...S] { maximum(x, 0) }

/// `x` where positive, `slope * x` elsewhere.
/// Source: Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models.
/// ```
/// print leaky_relu([-1.0, 2.0], 0.1)
/// ```
fn leaky_relu(x: real[...S], slope: real = 0.01) -> real[...S] { select(x > 0, x, slope * x) }

/// The threshold of the first perceptrons: 1 where `x > 0`, else 0.
/// ```
/// print step([-1.0, 2.0])
/// ```
fn step(x: real[...S]) -> real[...S] { real(x > 0) }

/// Gaussian error linear unit, exact: `x * P(Z <= x)` for a standard normal Z.
/// Source: Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
/// ```
/// print gelu([-1.0, 2.0])
/// ```
fn gelu(x: real[...S]) -> real[...S] { 0.5 * x * (1 + erf(x / sqrt(2))) }

/// Sigmoid linear unit: `x * sigmoid(x)`.
/// Source: Elfwing, Uchibe and Doya 2017, https://arxiv.org/abs/1702.03118
/// ```
/// print silu([-1.0, 2.0])
/// ```
fn silu(x: real[...S]) -> real[...S] { x * sigmoid(x) }

/// `log(1 + exp(x))`, computed so that no finite input overflows.
/// ```
/// print softplus([-1.0, 2.0])
/// ```
fn softplus(x: real[...S]) -> real[...S] { maximum(x, 0) + log(1 + exp(-abs(x))) }

/// Exponentials along an axis, scaled to add up to one. Subtracts the maximum first, so that no
/// finite input overflows.
/// ```
/// print softmax([1.0, 2.0, 3.0])
/// ```
fn softmax(x: real[...S], over: axes = -1) -> prob[...S] {
    let e = exp(x - stop_gradient(max(x, over: over, keep: true)))
    e / sum(e, over: over, keep: true)
}

/// Logarithm of `softmax`, without ever forming a probability that could round to zero.
/// ```
/// print log_softmax([1.0, 2.0, 3.0])
/// ```
fn log_softmax(x: real[...S], over: axes = -1) -> logprob[...S] {
    let z = x - stop_gradient(max(x, over: over, keep: true))
    z - log(sum(exp(z), over: over, keep: true))
}
