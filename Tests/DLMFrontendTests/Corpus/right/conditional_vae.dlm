// The label as a vector beside the code.
layer Encoder(n: int)(x: real[B, 784], y: real[B, 10]) -> (real[B, n], real[B, n]) {
    let h = concatenate(x, y, over: 1) |> Linear(128) |> relu
    (h |> Linear(n), h |> Linear(n))
}
layer Decoder(z: real[B, N], y: real[B, 10]) -> logit[B, 784] {
    concatenate(z, y, over: 1) |> Linear(128) |> relu |> Linear(784)
}
let enc = Encoder(16), dec = Decoder(), names = Embedding(10, 10)
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train cvae on mnist.train {
    batch 64
    step {
        let x = flatten(image), y = names(label)
        let (mu, logvar) = enc(x, y)
        let z = mu + exp(0.5 * logvar) * normal like mu
        let kl = -0.5 * mean(sum(1 + logvar - mu^2 - exp(logvar), over: 1))
        minimize bce_logits(dec(z, y), x) * 784 + kl over enc, dec, names with Adam() as v
    }
    every 100 steps { log v.loss }
}
