/// Steps along the curvature that the last `memory` steps have shown, for whole batches.
///
/// All parameters are one vector `[N]`. With `search` n, a step that does not lower the objective
/// enough is halved, up to n times; each try evaluates the objective once more.
/// Source: Liu and Nocedal 1989, On the limited memory BFGS method; Armijo 1966 (search)
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
    var size = select(t == 0, minimum(1, 1 / maximum(sum(abs(g)), 1e-30)) * lr, lr)
    if search > 0 {
        let now = objective(p), slope = sum(g * d)
        var isGood = real(objective(p + size * d) <= now + 1e-4 * size * slope)
        repeat search {
            let shorter = select(isGood > 0, size, size / 2)
            let isLower = objective(p + shorter * d) <= now + 1e-4 * shorter * slope
            isGood = maximum(isGood, real(isLower))
            size = shorter
        }
    }
    before = g
    moved = size * d
    p = p + moved
    t = t + 1
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
