/// Steps of one size, with the sign of an average of gradients.
/// Source: Chen et al. 2023, https://arxiv.org/abs/2302.06675
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 600
///     minimize mse(net(x), y) over net with Lion(lr: 0.01)
/// }
/// print net([[3.0]])
/// //> [[6.95018]]
/// ```
optimizer Lion(lr: real = 1e-4, betas: (real, real) = (0.9, 0.99), decay: real = 0) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          betas[0] >= 0 and betas[0] < 1 and betas[1] >= 0 and betas[1] < 1
            : "both betas lie in 0..<1, but these are {betas}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    let (b1, b2) = betas
    state m = zeros like p
    p = p * (1 - lr * decay) - lr * sign(b1 * m + (1 - b1) * g)
    m = b2 * m + (1 - b2) * g
}

/// Momentum whose steps are scaled to the length of each parameter, for large batches.
/// Source: You, Gitman and Ginsburg 2017, https://arxiv.org/abs/1708.03888
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with LARS(lr: 0.1, trust: 1.0)
/// }
/// print net([[3.0]])
/// //> [[8.25715]]
/// ```
optimizer LARS(
    lr: real, momentum: real = 0.9, decay: real = 0, trust: real = 1e-3, eps: real = 1e-8
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          momentum >= 0 and momentum < 1 : "momentum lies in 0..<1, but this is {momentum}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    state v = zeros like p
    let size = sqrt(sum(p^2)), slope = sqrt(sum(g^2))
    let share = select(size * slope > 0, trust * size / (slope + decay * size + eps), 1)
    v = momentum * v + lr * share * (g + decay * p)
    p = p - v
}

/// Adam whose steps are scaled to the length of each parameter, for large batches.
/// Source: You et al. 2019, https://arxiv.org/abs/1904.00962
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with LAMB(lr: 0.03)
/// }
/// print net([[3.0]])
/// //> [[7.77508]]
/// ```
optimizer LAMB(
    lr: real = 1e-3, betas: (real, real) = (0.9, 0.999), eps: real = 1e-6, decay: real = 1e-2
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
    let step = m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps) + decay * p
    let size = sqrt(sum(p^2)), length = sqrt(sum(step^2))
    p = p - lr * select(size * length > 0, size / select(length > 0, length, 1), 1) * step
}

/// Adaptive steps whose mean squares are kept as one row and one column for each matrix.
///
/// The rate is relative to the size of the parameter, and no step is longer than `most` in the
/// mean.
/// Source: Shazeer and Stern 2018, https://arxiv.org/abs/1804.04235
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 600
///     minimize mse(net(x), y) over net with Adafactor(lr: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.86878]]
/// ```
optimizer Adafactor(
    lr: real = 1e-2, power: real = -0.8, least: real = 1e-3, most: real = 1, decay: real = 0,
    eps: real = 1.1920929e-7
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    state t: real = 0
    t = t + 1
    let share = t^power
    var size = g^2
    if rank(p) > 1 {
        state rows = zeros like mean(p, over: -1, keep: true)
        state columns = zeros like mean(p, over: -2, keep: true)
        rows = lerp(rows, mean(g^2, over: -1, keep: true), share)
        columns = lerp(columns, mean(g^2, over: -2, keep: true), share)
        size = rows @ columns / maximum(mean(rows, over: -2, keep: true), eps)
    } else {
        state v = zeros like p
        v = lerp(v, g^2, share)
        size = v
    }
    let step = g / sqrt(maximum(size, eps^2))
    let rate = maximum(least, sqrt(mean(p^2))) * minimum(lr, 1 / sqrt(t))
    p = p * (1 - lr * decay) - rate / maximum(1, sqrt(mean(step^2)) / most) * step
}

/// Momentum made orthogonal by five turns of an iteration of Newton and Schulz, for matrices; what
/// is no matrix takes steps of AdamW with the rate `rest`.
/// Source: Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with Muon(lr: 0.05, decay: 0, rest: 0.1)
/// }
/// print net([[3.0]])
/// //> [[6.94104]]
/// ```
optimizer Muon(
    lr: real = 1e-3, decay: real = 0.1, momentum: real = 0.95, nesterov: bool = true,
    rest: real = 3e-4, eps: real = 1e-7
) for p, g
    where lr >= 0 : "a learning rate is not negative, but this is {lr}",
          momentum >= 0 and momentum < 1 : "momentum lies in 0..<1, but this is {momentum}",
          eps >= 0 : "`eps` is not negative, but this is {eps}",
          decay >= 0 : "`decay` is not negative, but this is {decay}"
{
    if rank(p) == 2 {
        state m = zeros like p
        m = lerp(m, g, 1 - momentum)
        let d = nesterov ? lerp(g, m, momentum) : m
        let rows = length(p), columns = length(p.T)
        var x = rows > columns ? d.T : d
        x = x / maximum(sqrt(sum(x^2)), eps)
        repeat 5 {
            let a = x @ x.T
            x = 3.4445 * x + (2.0315 * a @ a - 4.775 * a) @ x
        }
        let tall = sqrt(max([1.0, rows / columns]))
        p = p * (1 - lr * decay) - lr * tall * (rows > columns ? x.T : x)
    } else {
        state m = zeros like p, v = zeros like p, t: real = 0
        t = t + 1
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g^2
        p = p * (1 - rest * decay) - rest / (1 - 0.9^t) * m / (sqrt(v) / sqrt(1 - 0.999^t) + 1e-8)
    }
}
