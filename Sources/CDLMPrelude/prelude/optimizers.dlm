/// Stochastic gradient descent, with momentum and weight decay.
///
/// The velocity starts at zero and is added up undamped: `v = momentum * v + g`.
/// Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep learning.
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
optimizer Adam(lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8) for p, g {
    let (b1, b2) = betas
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g^2
    p = p - (lr / (1 - b1^t)) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)
}
