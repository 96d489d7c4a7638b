// Weights stay short after each step, and their running average is kept beside them.
layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(8) |> tanh |> Linear(1) }
let net = Net(), mean = Net()
data d = rows(x: normal[8, 2], y: zeros[8, 1])
train fit on d {
    batch 4
    steps 3
    minimize mse(net(x), y) over net with SGD(lr: 0.1)
    update net with fn (w) { clamp(w, -2, 2) }
    update mean from net with fn (m, w) { lerp(m, w, 0.1) }
    every epoch { eval d { log mse(mean(x), y) as averaged } }
}
