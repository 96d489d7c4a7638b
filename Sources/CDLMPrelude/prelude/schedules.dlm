/// The rate times `factor` every `every` steps.
/// Source: LeCun et al. 1998, Efficient backprop.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: step_decay(0.1, every: 50, factor: 0.5))
/// }
/// print net([[3.0]])
/// //> [[6.99974]]
/// ```
schedule step_decay(peak: real, every: int, factor: real = 0.1) at step {
    peak * factor^floor((step - 1) / every)
}

/// The rate times `factor` at every step.
/// Source: Darken and Moody 1990, Note on learning rate schedules for stochastic optimization.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: exponential_decay(0.1, factor: 0.99))
/// }
/// print net([[3.0]])
/// //> [[6.99961]]
/// ```
schedule exponential_decay(peak: real, factor: real) at step { peak * factor^(step - 1) }

/// From `peak` to `last` as a power of the steps that are left.
/// Source: Chen et al. 2016, https://arxiv.org/abs/1606.00915
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: polynomial_decay(0.1, total: steps))
/// }
/// print net([[3.0]])
/// //> [[6.99982]]
/// ```
schedule polynomial_decay(peak: real, total: int, power: real = 1, last: real = 0) at step {
    last + (peak - last) * (1 - minimum((step - 1) / total, 1))^power
}

/// From `peak` to `last` along half a wave of the cosine.
/// Source: Loshchilov and Hutter 2016, https://arxiv.org/abs/1608.03983
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: cosine_decay(0.1, total: steps))
/// }
/// print net([[3.0]])
/// //> [[6.99983]]
/// ```
schedule cosine_decay(peak: real, total: int, last: real = 0) at step {
    last + (peak - last) * 0.5 * (1 + cos(pi * minimum((step - 1) / total, 1)))
}

/// A wave of the cosine that starts again every `every` steps.
/// Source: Loshchilov and Hutter 2016, https://arxiv.org/abs/1608.03983
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: cosine_restarts(0.1, every: 50))
/// }
/// print net([[3.0]])
/// //> [[6.99985]]
/// ```
schedule cosine_restarts(peak: real, every: int, last: real = 0) at step {
    last + (peak - last) * 0.5 * (1 + cos(pi * ((step - 1) / every - floor((step - 1) / every))))
}

/// In a straight line to `peak` within `warm` steps, then down along the cosine.
/// Source: Goyal et al. 2017, https://arxiv.org/abs/1706.02677
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: warm_cosine(0.1, warm: 10, total: steps))
/// }
/// print net([[3.0]])
/// //> [[6.99983]]
/// ```
schedule warm_cosine(peak: real, warm: int, total: int) at step {
    let down = minimum((step - warm) / (total - warm), 1)
    select(step < warm, peak * step / warm, 0.5 * peak * (1 + cos(pi * down)))
}

/// In a straight line to `peak` within `warm` steps, then with the inverse root of the step.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: inverse_root(0.1, warm: 10))
/// }
/// print net([[3.0]])
/// //> [[6.99926]]
/// ```
schedule inverse_root(peak: real, warm: int) at step {
    peak * minimum(step / warm, sqrt(warm / step))
}

/// Up from `peak / start` in the first `share` of the steps, then down to `peak / start / end`,
/// both along the cosine.
/// Source: Smith and Topin 2017, https://arxiv.org/abs/1708.07120
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: one_cycle(0.1, total: steps))
/// }
/// print net([[3.0]])
/// //> [[6.99984]]
/// ```
schedule one_cycle(
    peak: real, total: int, share: real = 0.3, start: real = 25, end: real = 1e4
) at step {
    let turn = share * total - 1
    let done = step - 1
    let up = minimum(done / turn, 1), down = maximum(done - turn, 0) / (total - 1 - turn)
    let low = peak / start, last = peak / start / end
    let rising = low + (peak - low) * 0.5 * (1 - cos(pi * up))
    let falling = last + (peak - last) * 0.5 * (1 + cos(pi * down))
    select(done <= turn, rising, falling)
}

/// Up and down in straight lines between `low` and `peak`, `half` steps each way.
/// Source: Smith 2015, https://arxiv.org/abs/1506.01186
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: cyclic(0.01, 0.1, half: 20))
/// }
/// print net([[3.0]])
/// //> [[6.9999]]
/// ```
schedule cyclic(low: real, peak: real, half: int) at step {
    let turn = (step - 1) / (2 * half)
    low + (peak - low) * (1 - abs(2 * (turn - floor(turn)) - 1))
}
