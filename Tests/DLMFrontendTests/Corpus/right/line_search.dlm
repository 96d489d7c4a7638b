// An optimizer of one's own for all parameters: a Newton step along the slope, from two slopes of the
// objective on it.
optimizer Secant(first: real = 0.1) for all p, g, objective {
    let height = fn (t) { objective(p - t * g) }
    let a = 0 * sum(g), b = a + first
    let before = grad(height(a), wrt: a), behind = grad(height(b), wrt: b)
    p = p - (b - behind * (b - a) / (behind - before)) * g
}
data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
let net = Linear(1)
train fit on line {
    batch 3
    epochs 5
    minimize mse(net(x), y) over net with Secant()
}
