layer Encoder(n: int)(x: real[B, 784]) -> (real[B, n], real[B, n]) {
    let h = x |> Linear(400) |> relu
    (h |> Linear(n), h |> Linear(n))
}
layer Decoder(z: real[B, N]) -> prob[B, 784] { z |> Linear(400) |> relu |> Linear(784) |> sigmoid }
let enc = Encoder(20), dec = Decoder()
data mnist = idx("data/mnist", classes: 10)
train vae on mnist.train {
    batch 64 shuffled
    epochs 1
    step {
        let x = real(flatten(image)) / 255
        let (mu, logvar) = enc(x)
        let z = mu + exp(0.5 * logvar) * normal like mu
        let kl = -0.5 * mean(sum(1 + logvar - mu^2 - exp(logvar), over: 1))
        minimize bce(dec(z), x) * 784 + kl over enc, dec with Adam(lr: 1e-3) as v
    }
    every 100 steps { log v.loss, kl }
}
