optimizer Adadelta(lr: real = 1.0, rho: real = 0.9, eps: real = 1e-6) for p, g {
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
