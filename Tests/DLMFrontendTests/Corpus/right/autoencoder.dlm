layer Encoder(n: int)(x: real[B, 1, 28, 28]) -> real[B, n] { x |> flatten |> Linear(128) |> relu |> Linear(n) }
layer Decoder(h: real[B, N]) -> prob[B, 1, 28, 28] { h |> Linear(128) |> relu |> Linear(784) |> sigmoid |> reshape[B, 1, 28, 28] }
let enc = Encoder(32), dec = Decoder()
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train auto on mnist.train {
    batch 64 shuffled
    step {
        let noisy = clamp(image + 0.3 * normal like image, 0, 1)
        minimize mse(dec(enc(noisy)), image) over enc, dec with Adam(lr: 1e-3)
    }
    every 100 steps { log loss, loss.terms }
}
