optimizer Adadelta2(lr: real = 1.0, rho: real = 0.9, eps: real = 1e-6) for p, g {
    state sq = zeros like p, acc = zeros like p
    sq = rho * sq + (1 - rho) * g^2
    let d = sqrt(acc + eps) / sqrt(sq + eps) * g
    acc = rho * acc + (1 - rho) * d^2
    p = p - lr * d
}
loss focal(z: logit[B, K], y: index(K)[B], gamma: real = 2.0) -> real {
    let lp = pick(log_softmax(z), y, over: K)
    -mean((1 - exp(lp))^gamma * lp)
}
data d = rows(x: [[1.0, 2.0], [2.0, 1.0]], y: index([0, 1], 2))
let net = Linear(2)
train own on d {
    batch 2
    minimize focal(net(x), y) over net with Adadelta2()
}
