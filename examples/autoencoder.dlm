// An autoencoder that is given noisy digits and asked for the clean ones, with a sparse code.
// Source: Vincent et al. 2008, Extracting and composing robust features with denoising
// autoencoders.
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)

layer Encoder(x: real[B, 1, 28, 28]) -> real[B, 64] {
    let h = x |> flatten |> Linear(256) |> relu |> Linear(64) |> sigmoid
    penalize 3e-3 * kl_bernoulli(0.05, mean(h, over: B)) as sparsity
    h
}

layer Decoder(h: real[B, 64]) -> real[B, 1, 28, 28] {
    h |> Linear(256) |> relu |> Linear(784) |> sigmoid |> reshape[B, 1, 28, 28]
}

let enc = Encoder(), dec = Decoder()

train denoise on mnist.train {
    batch 128 shuffled
    epochs 3
    step {
        let noisy = clamp(image + 0.3 * normal like image, 0, 1)
        minimize mse(dec(enc(noisy)), image) over enc, dec with Adam(lr: 1e-3)
    }
    every 100 steps { log loss, loss.terms }
    every epoch { eval mnist.test { log mse(dec(enc(image)), image) as loss } }
}
