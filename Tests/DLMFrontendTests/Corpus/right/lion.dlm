// An optimizer of the user's own with its state.
optimizer Lion(lr: real = 1e-4, betas: (real, real) = (0.9, 0.99), decay: real = 0) for p, g {
    let (b1, b2) = betas
    state m = zeros like p
    let u = sign(b1 * m + (1 - b1) * g)
    m = b2 * m + (1 - b2) * g
    p = p - lr * (u + decay * p)
}
data d = rows(x: [[1.0], [2.0]], y: [[2.0], [4.0]])
let net = Linear(1)
train fit on d {
    batch 2
    minimize mse(net(x), y) over net with Lion(lr: 1e-3)
}
