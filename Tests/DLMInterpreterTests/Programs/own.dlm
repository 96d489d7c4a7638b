// (g) An optimizer, a loss and a gradient of the program's own.
optimizer Mine(lr: real = 1.0, rho: real = 0.9, eps: real = 1e-6) for p, g {
    state sq = zeros like p, acc = zeros like p            // per parameter; saved and resumed; shape-checked against p
    sq = rho * sq + (1 - rho) * g^2
    let d = sqrt(acc + eps) / sqrt(sq + eps) * g
    acc = rho * acc + (1 - rho) * d^2
    p = p - lr * d
}
loss focal(z: logit[B, K], y: index(K)[B], gamma: real = 2.0) -> real {
    let lp = pick(log_softmax(z), y, over: K)              // logprob[B]
    -mean((1 - exp(lp))^gamma * lp)
}
fn sign_ste(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }   // must return real[...S]; `dlm test` compares non-STE grads with finite differences

layer Signs(x: real[B, 4]) -> logit[B, 3] { sign_ste(x |> Linear(8)) |> Linear(3) }
let net = Signs()
data d = rows(x: normal[12, 4], y: index(positions(12) % 3, 3))
train own on d {
    batch 4
    minimize focal(net(x), y) over net with Mine()
}
