/// Adaptive moments, corrected for their start at zero; with `amsgrad` divided by the largest
/// square so far.
/// Source: Kingma and Ba 2014, https://arxiv.org/abs/1412.6980; Reddi, Kale and Kumar 2018,
/// https://arxiv.org/abs/1904.09237 (amsgrad)
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
optimizer Adam(
    lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 0,
    amsgrad: bool = false
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    let d = decay == 0 ? g : g + decay * p
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * d
    v = b2 * v + (1 - b2) * d^2
    var size = v
    if amsgrad {
        state most = zeros like p
        most = maximum(most, v)
        size = most
    }
    p = p - (lr / (1 - b1^t)) * m / (sqrt(size) * (1 / sqrt(1 - b2^t)) + eps)
}

/// Adam with weight decay apart from the gradient.
/// Source: Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with AdamW(lr: 0.1, decay: 1e-4)
/// }
/// print net([[3.0]])
/// //> [[6.99952]]
/// ```
optimizer AdamW(
    lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 1e-2,
    amsgrad: bool = false
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g^2
    var size = v
    if amsgrad {
        state most = zeros like p
        most = maximum(most, v)
        size = most
    }
    p = p * (1 - lr * decay) - (lr / (1 - b1^t)) * m / (sqrt(size) * (1 / sqrt(1 - b2^t)) + eps)
}

/// Adam for tables of which a batch touches few rows: where a gradient is 0, moments and parameter
/// stay.
///
/// Gradients have the shape of their parameter here, so this saves no time; it keeps rows that were
/// not seen from moving on with old momentum.
/// Source: Kingma and Ba 2014, https://arxiv.org/abs/1412.6980
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SparseAdam(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.99982]]
/// ```
optimizer SparseAdam(lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}"
{
    let (b1, b2) = betas
    state m = zeros like p, v = zeros like p, t: real = 0
    t = t + 1
    m = select(g == 0, m, b1 * m + (1 - b1) * g)
    v = select(g == 0, v, b2 * v + (1 - b2) * g^2)
    let step = lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps)
    p = select(g == 0, p, p - step)
}

/// Adam with the largest gradient, fading, in place of the root of the mean square.
/// Source: Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, section 7.1
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Adamax(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.94571]]
/// ```
optimizer Adamax(
    lr: real = 2e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 0
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    let d = decay == 0 ? g : g + decay * p
    state m = zeros like p, most = zeros like p, t: real = 0
    t = t + 1
    m = b1 * m + (1 - b1) * d
    most = maximum(b2 * most, abs(d) + eps)
    p = p - lr / (1 - b1^t) * m / most
}

/// Adam that looks ahead as Nesterov's momentum does; the share of the momentum grows by `warm`.
/// Source: Dozat 2016, Incorporating Nesterov momentum into Adam.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with NAdam(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.99995]]
/// ```
optimizer NAdam(
    lr: real = 2e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 0,
    warm: real = 4e-3
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    let d = decay == 0 ? g : g + decay * p
    state m = zeros like p, v = zeros like p, t: real = 0, all: real = 1
    t = t + 1
    let now = b1 * (1 - 0.5 * 0.96^(t * warm)), next = b1 * (1 - 0.5 * 0.96^((t + 1) * warm))
    all = all * now
    m = b1 * m + (1 - b1) * d
    v = b2 * v + (1 - b2) * d^2
    let size = sqrt(v / (1 - b2^t)) + eps
    p = p - lr * ((1 - now) / (1 - all) * d + next / (1 - all * next) * m) / size
}

/// Adam that steps by momentum alone until the variance of its divisor can be trusted.
///
/// The length of the average, `2 / (1 - b2) - 1 - 2 * t * b2^t / (1 - b2^t)`, is formed from two
/// sums of positive terms, since its own difference loses all digits in the first steps.
/// Source: Liu et al. 2019, https://arxiv.org/abs/1908.03265
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with RAdam(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[7.01442]]
/// ```
optimizer RAdam(
    lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-8, decay: real = 0
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    let d = decay == 0 ? g : g + decay * p
    state m = zeros like p, v = zeros like p, t: real = 0, powers: real = 0, counted: real = 0
    counted = counted + (t + 1) * b2^t
    powers = powers + b2^t
    t = t + 1
    m = b1 * m + (1 - b1) * d
    v = b2 * v + (1 - b2) * d^2
    let most = 2 / (1 - b2) - 1, length = 2 * counted / powers - 1
    let safe = maximum(length, 5)
    let share = sqrt((safe - 4) * (safe - 2) * most / ((most - 4) * (most - 2) * safe))
    let step = select(length > 5, share * sqrt((1 - b2) * powers) / (sqrt(v) + eps), 1)
    p = p - lr / (1 - b1^t) * m * step
}
