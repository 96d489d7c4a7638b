dim width = 8
let rate = 0.1
let net = Linear(1)
layer Hidden(n: int)(x: real[B, D]) -> real[B, 1] { x |> Linear(n) |> tanh |> Linear(1) }
let hidden = Hidden(width)
data d = rows(x: [[1.0], [2.0]], y: [[1.0], [0.0]])
train t on d {
    batch 2
    minimize mse(hidden(x), y) over hidden with SGD(lr: rate)
    checkpoint "runs/{width}-{rate}" every epoch
}
sweep width in [2, 4], rate in [0.1, 0.2] { run t(width, rate) }
