/// Stochastic gradient descent, with momentum and weight decay.
///
/// A batch of all rows makes it the descent of the whole cost, one of a single row that of the
/// first perceptrons.
/// The velocity begins with the first gradient: `v = momentum * v + (1 - damping) * g` from then
/// on. With `nesterov` the step looks ahead: `g + momentum * v`.
/// Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep
/// learning.
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
optimizer SGD(
    lr: real, momentum: real = 0, decay: real = 0, damping: real = 0, nesterov: bool = false
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          momentum >= 0 and momentum < 1 : "momentum lies in 0..<1, but this is {momentum}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let d = decay == 0 ? g : g + decay * p
    if momentum == 0 {
        p = p - lr * d
    } else {
        state v = zeros like p
        if damping == 0 {
            v = momentum * v + d
        } else {
            state t: real = 0
            v = momentum * v + (t == 0 ? 1 : 1 - damping) * d
            t = t + 1
        }
        p = p - lr * (nesterov ? d + momentum * v : v)
    }
}

/// Divides by the root of the sum of all squares so far; the rate falls as
/// `lr / (1 + lr_decay * t)`.
/// Source: Duchi, Hazan and Singer 2011, Adaptive subgradient methods.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Adagrad(lr: 1.0)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer Adagrad(
    lr: real = 1e-2, lr_decay: real = 0, decay: real = 0, start: real = 0, eps: real = 1e-10
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    state sq = start + zeros like p, t: real = 0
    let d = decay == 0 ? g : g + decay * p
    sq = sq + d^2
    p = p - lr / (1 + lr_decay * t) * d / (sqrt(sq) + eps)
    t = t + 1
}

/// Steps in the units of the parameters, from running squares of gradients and of steps.
/// Source: Zeiler 2012, https://arxiv.org/abs/1212.5701
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 2000
///     minimize mse(net(x), y) over net with Adadelta(lr: 1.0)
/// }
/// print net([[3.0]])
/// //> [[7.06647]]
/// ```
optimizer Adadelta(lr: real = 1.0, rho: real = 0.9, eps: real = 1e-6, decay: real = 0) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}",
          rho >= 0 and rho < 1 : "`rho` lies in 0..<1, but this is {rho}"
{
    state sq = zeros like p, acc = zeros like p
    let k = decay == 0 ? g : g + decay * p
    sq = rho * sq + (1 - rho) * k^2
    let d = sqrt(acc + eps) / sqrt(sq + eps) * k
    acc = rho * acc + (1 - rho) * d^2
    p = p - lr * d
}

/// Divides by a running root of the mean square of the gradients, less the square of their mean if
/// `centered`.
/// Source: Tieleman and Hinton 2012, Neural networks for machine learning, lecture 6.5; Graves
/// 2013, https://arxiv.org/abs/1308.0850 (centered)
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with RMSprop(lr: 0.02)
/// }
/// print net([[3.0]])
/// //> [[6.95678]]
/// ```
optimizer RMSprop(
    lr: real = 1e-2, rho: real = 0.99, eps: real = 1e-8, decay: real = 0, momentum: real = 0,
    centered: bool = false
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}",
          rho >= 0 and rho < 1 : "`rho` lies in 0..<1, but this is {rho}",
          momentum >= 0 and momentum < 1 : "momentum lies in 0..<1, but this is {momentum}"
{
    let d = decay == 0 ? g : g + decay * p
    state sq = zeros like p
    sq = rho * sq + (1 - rho) * d^2
    var size = sq
    if centered {
        state average = zeros like p
        average = rho * average + (1 - rho) * d
        size = maximum(sq - average^2, 0)
    }
    let step = d / (sqrt(size) + eps)
    if momentum == 0 {
        p = p - lr * step
    } else {
        state v = zeros like p
        v = momentum * v + step
        p = p - lr * v
    }
}

/// Only the signs of gradients count: each element has a step of its own, which grows by `grow`
/// while the sign stays and shrinks by `shrink` when it changes, between `least` and `most`.
///
/// For whole batches: noise of small ones changes signs.
/// Source: Riedmiller and Braun 1993, A direct adaptive method for faster backpropagation learning.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Rprop(lr: 0.01)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer Rprop(
    lr: real = 1e-2, shrink: real = 0.5, grow: real = 1.2, least: real = 1e-6, most: real = 50
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}"
{
    state size = lr + zeros like p, before = zeros like p
    let same = g * before
    size = clamp(size * select(same > 0, grow, select(same < 0, shrink, 1)), least, most)
    // After a step too far nothing moves, and the next sign is neither the same nor another.
    before = select(same < 0, 0, g)
    p = p - size * sign(before)
}

/// Averaged stochastic gradient descent: the rate falls as `lr / (1 + damping * lr * t)^power`, and
/// `mean` is the average of the parameters since step `from`.
/// Source: Polyak and Juditsky 1992, Acceleration of stochastic approximation by averaging.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with ASGD(lr: 0.2)
/// }
/// print net([[3.0]])
/// //> [[6.9998]]
/// ```
optimizer ASGD(
    lr: real = 1e-2, damping: real = 1e-4, power: real = 0.75, from: real = 1e6, decay: real = 0
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    state rate: real = lr, share: real = 1, t: real = 0, mean = zeros like p
    let d = decay == 0 ? g : g + decay * p
    t = t + 1
    p = p * (1 - damping * rate) - rate * d
    mean = mean + share * (p - mean)
    rate = lr / (1 + damping * lr * t)^power
    share = 1 / maximum(1, t - from)
}
