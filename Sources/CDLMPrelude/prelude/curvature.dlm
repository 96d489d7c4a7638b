/// Steps along the curvature that the last `memory` steps have shown, for whole batches.
///
/// All parameters are one vector `[N]`. With `search` n, up to n lengths of the step are tried till
/// one fulfils the strong Wolfe conditions: the objective sinks enough, and is nearly flat there.
/// Each try evaluates the objective and its gradient once more.
/// Source: Liu and Nocedal 1989, On the limited memory BFGS method; Nocedal and Wright 2006,
/// Numerical Optimization, algorithms 3.5 and 3.6 (search)
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 20
///     minimize mse(net(x), y) over net with LBFGS(search: 5)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer LBFGS(lr: real = 1, memory: int = 10, search: int = 0) for all p, g, objective
    where lr >= 0 : "a learning rate is not negative, but this is {lr}"
{
    state before = zeros like g, moved = zeros like g, t: real = 0, scale: real = 1
    state s = zeros[memory, length(g)], y = zeros[memory, length(g)], rho = zeros[memory]
    let change = g - before, bend = sum(change * moved)
    let counts = bend > 1e-10
    s = select(counts, concatenate(s[1..<memory], moved[new, ..], over: 0), s)
    y = select(counts, concatenate(y[1..<memory], change[new, ..], over: 0), y)
    let safe = select(counts, bend, 1)
    rho = select(counts, append(rho[1..<memory], 1 / safe), rho)
    scale = select(counts, safe / maximum(sum(change^2), 1e-30), scale)
    // From the latest pair to the oldest and back.
    var q = -g
    var shares = zeros[1]
    repeat i in 0..<memory {
        let j = memory - 1 - i
        let a = rho[j] * sum(s[j] * q)
        q = q - a * y[j]
        shares = append(shares, a)
    }
    var d = scale * q
    repeat i in 0..<memory { d = d + s[i] * (shares[memory - i] - rho[i] * sum(y[i] * d)) }
    let first = select(t == 0, minimum(1, 1 / maximum(sum(abs(g)), 1e-30)) * lr, lr)
    let size = if search > 0 {
        wolfe_step(fn (far) { objective(p + far * d) }, first, sum(g * d), max(abs(d)), search)
    } else {
        first
    }
    before = g
    moved = size * d
    p = p + moved
    t = t + 1
}

/// Where a cubic through two points `(place, value, slope)` is least between `from` and `to`; their
/// middle where it is least nowhere.
///
/// Source: Nocedal and Wright 2006, Numerical Optimization, equation 3.59
/// ```dlm
/// // x^2 between -1 and 2
/// print cubic_minimum([-1.0, 1.0, -2.0], [2.0, 4.0, 4.0], -1, 2)
/// //> 0
/// ```
fn cubic_minimum(a: real[3], b: real[3], from: real, to: real) -> real {
    let l = select(a[0] <= b[0], a, b), r = select(a[0] <= b[0], b, a)
    let bend = l[2] + r[2] - 3 * (l[1] - r[1]) / (l[0] - r[0])
    let square = bend^2 - l[2] * r[2]
    let root = sqrt(maximum(square, 0))
    let free = r[0] - (r[0] - l[0]) * (r[2] + root - bend) / (r[2] - l[2] + 2 * root)
    let place = clamp(free, from, to)
    // What is not a number is not at least `from`.
    select(square >= 0 and place >= from, place, (from + to) / 2)
}

/// How far to go from 0 for a function to fulfil the strong Wolfe conditions, found with up to
/// `tries` values of it; the best of them where none does.
///
/// `f` takes a number and gives one; `first` is tried first, `slope` is the slope at 0, and `speed`
/// how far the fastest parameter moves for each unit. First outward until a minimum lies between
/// two tries, then inward.
/// Source: Nocedal and Wright 2006, Numerical Optimization, algorithms 3.5 and 3.6
/// ```dlm
/// print wolfe_step(fn (t) { (t - 3)^2 }, 8.0, -6.0, 1.0, 10)
/// //> 3
/// ```
fn wolfe_step(f: fn, first: real, slope: real, speed: real, tries: int) -> real {
    let now = f(0 * first)
    var low = [0 * first, now, slope], high = low
    var t = first, isInward = false, isFound = not (slope < 0), isStuck = false
    repeat turn in 0..<tries {
        let value = f(t)
        let here = [t, value, grad(value, wrt: t)]
        let isTooHigh = not (value <= now + 1e-4 * t * slope)
        let isLower = value < low[1], isFlat = abs(here[2]) <= -0.9 * slope
        let isUp = isTooHigh or (isInward or turn > 1) and not isLower
        // A minimum lies between `low` and here.
        let narrows = isUp or not isInward and not isFlat and here[2] >= 0
        let best = select(narrows and not isLower, low, here)
        let isBehind = here[2] * (high[0] - low[0]) >= 0
        let other = select(narrows, select(isLower, low, here), select(isBehind, low, high))
        let further = cubic_minimum(low, here, t + 0.01 * (t - low[0]), 10 * t)
        let isDone = isFound or isFlat and not narrows
        low = select(isFound, low, best)
        high = select(isFound, high, other)
        isInward = isInward or narrows
        let left = minimum(low[0], high[0]), right = maximum(low[0], high[0])
        isFound = isDone or isInward and (right - left) * speed < 1e-9
        // Near an end of what is left, the second time a tenth away from it.
        let inner = cubic_minimum(low, high, left, right), edge = 0.1 * (right - left)
        let isNear = minimum(right - inner, inner - left) < edge
        let isForced = isNear and (isStuck or inner >= right or inner <= left)
        let moved = select(right - inner < inner - left, right - edge, left + edge)
        isStuck = isInward and isNear and not isForced
        t = select(isInward, select(isForced, moved, inner), further)
    }
    low[0]
}

/// The step to the least value of the parabola that fits the objective: for a few parameters, since
/// it solves with all second derivatives. `damping` is added to the diagonal.
///
/// All parameters are one vector `[N]`.
/// Source: Newton 1669; Levenberg 1944 (damping)
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 2
///     minimize mse(net(x), y) over net with Newton(damping: 0)
/// }
/// print net([[3.0]])
/// //> [[7]]
/// ```
optimizer Newton(lr: real = 1, damping: real = 1e-4) for all p, g, objective
    where lr >= 0 : "a learning rate is not negative, but this is {lr}"
{
    let h = hessian(objective(p), wrt: p)
    p = p - lr * solve(h + damping * identity(length(p)), g)
}
