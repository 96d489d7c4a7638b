/// Rectified linear unit: the positive part of each element.
/// Source: Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines.
/// ```dlm
/// print relu([-1.0, 2.0])
/// //> [0, 2]
/// ```
fn relu(x: real[...S]) -> real[...S] { maximum(x, 0) }

/// `x` where positive, `slope * x` elsewhere.
/// Source: Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic
/// models.
/// ```dlm
/// print leaky_relu([-1.0, 2.0], 0.1)
/// //> [-0.1, 2]
/// ```
fn leaky_relu(x: real[...S], slope: real = 0.01) -> real[...S] { select(x > 0, x, slope * x) }

/// The threshold of the first perceptrons: 1 where `x > 0`, else 0.
/// Source: Rosenblatt 1958, The perceptron: a probabilistic model for information storage.
/// ```dlm
/// print step([-1.0, 2.0])
/// //> [0, 1]
/// ```
fn step(x: real[...S]) -> real[...S] { real(x > 0) }

/// Gaussian error linear unit, exact: `x * P(Z <= x)` for a standard normal Z.
/// Source: Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
/// ```dlm
/// print gelu([-1.0, 2.0])
/// //> [-0.15866, 1.9545]
/// ```
fn gelu(x: real[...S]) -> real[...S] { x * (0.5 + 0.5 * erf(x * sqrt(0.5))) }

/// Sigmoid linear unit: `x * sigmoid(x)`.
/// Source: Elfwing, Uchibe and Doya 2017, https://arxiv.org/abs/1702.03118
/// ```dlm
/// print silu([-1.0, 2.0])
/// //> [-0.26894, 1.76159]
/// ```
fn silu(x: real[...S]) -> real[...S] { x * sigmoid(x) }

/// `log(1 + exp(x))`, computed so that no finite input overflows.
/// Source: Dugas et al. 2000, Incorporating second-order functional knowledge for better option
/// pricing.
/// ```dlm
/// print softplus([-1.0, 2.0])
/// //> [0.31326, 2.12693]
/// ```
fn softplus(x: real[...S]) -> real[...S] {
    maximum(x, 0) + log(1 + exp(-abs(x)))
} grad (g) { g * sigmoid(x) }

/// Exponentials along an axis, scaled to add up to one. Subtracts the maximum first, so that no
/// finite input overflows.
/// Source: Bridle 1990, Probabilistic interpretation of feedforward classification network outputs.
/// ```dlm
/// print softmax([1.0, 2.0, 3.0])
/// //> [0.09003, 0.24473, 0.66524]
/// ```
fn softmax(x: logit[...S], over: axes = -1) -> prob[...S] {
    let e = exp(x - stop_gradient(max(x, over: over, keep: true)))
    e / sum(e, over: over, keep: true)
}

/// Logarithm of `softmax`, without ever forming a probability that could round to zero.
/// Source: definition.
/// ```dlm
/// print log_softmax([1.0, 2.0, 3.0])
/// //> [-2.40761, -1.40761, -0.40761]
/// ```
fn log_softmax(x: logit[...S], over: axes = -1) -> logprob[...S] {
    let z = x - stop_gradient(max(x, over: over, keep: true))
    z - log(sum(exp(z), over: over, keep: true))
}
