// Three heads of n numbers each, cut from one.
layer Mixture(n: int)(x: real[B, D]) -> (prob[B, n], real[B, n], real[B, n]) {
    let (a, m, s) = chunk(x |> Linear(32) |> tanh |> Linear(3 * n), 3)
    (softmax(a), m, exp(s))
}
let net = Mixture(5)
data d = rows(x: normal[64, 1], y: normal[64, 1])
train density on d {
    batch 16
    step {
        let (a, m, s) = net(x)
        let each = a * exp(-0.5 * ((y - m) / s)^2) / s
        minimize -mean(log(sum(each, over: 1) + 1e-8)) over net with Adam()
    }
}
