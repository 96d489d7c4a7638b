/// Stochastic gradient descent, with momentum and weight decay.
///
/// The velocity starts at zero and is added up undamped: `v = momentum * v + g`.
/// Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep learning.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: 0.1, momentum: 0.5)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer SGD(lr: real, momentum: real = 0, decay: real = 0) for p, g {
    let d = decay == 0 ? g : g + decay * p
    if momentum == 0 {
        p = p - lr * d
    } else {
        state v = zeros like p
        v = momentum * v + d
        p = p - lr * v
    }
}

/// Adaptive moments, corrected for their start at zero.
/// Source: Kingma and Ba 2014, https://arxiv.org/abs/1412.6980
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Adam(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.99982]]
/// ```
optimizer Adam(lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8) for p, g {
    let (b1, b2) = betas
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g^2
    p = p - (lr / (1 - b1^t)) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)
}

/// Adam with weight decay apart from the gradient.
/// Source: Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with AdamW(lr: 0.1, decay: 0)
/// }
/// print net([[3.0]])
/// //> [[6.99982]]
/// ```
optimizer AdamW(
    lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 1e-2
) for p, g {
    let (b1, b2) = betas
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g^2
    p = p * (1 - lr * decay) - (lr / (1 - b1^t)) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)
}

/// Divides by a running root of the mean square of the gradients.
/// Source: Tieleman and Hinton 2012, Neural networks for machine learning, lecture 6.5
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with RMSprop(lr: 0.05)
/// }
/// print net([[3.0]])
/// //> [[6.99999]]
/// ```
optimizer RMSprop(lr: real = 1e-2, rho: real = 0.99, eps: real = 1e-8) for p, g {
    state sq = zeros like p
    sq = rho * sq + (1 - rho) * g^2
    p = p - lr * g / (sqrt(sq) + eps)
}

/// Divides by the root of the sum of all squares so far.
/// Source: Duchi, Hazan and Singer 2011, Adaptive subgradient methods.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Adagrad(lr: 1)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer Adagrad(lr: real = 1e-2, eps: real = 1e-10) for p, g {
    state sq = zeros like p
    sq = sq + g^2
    p = p - lr * g / (sqrt(sq) + eps)
}

/// Steps in the units of the parameters, from running squares of gradients and of steps.
/// Source: Zeiler 2012, https://arxiv.org/abs/1212.5701
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Adadelta(lr: 5)
/// }
/// print net([[3.0]])
/// //> [[6.95058]]
/// ```
optimizer Adadelta(lr: real = 1.0, rho: real = 0.9, eps: real = 1e-6) for p, g {
    state sq = zeros like p, acc = zeros like p
    sq = rho * sq + (1 - rho) * g^2
    let d = sqrt(acc + eps) / sqrt(sq + eps) * g
    acc = rho * acc + (1 - rho) * d^2
    p = p - lr * d
}
