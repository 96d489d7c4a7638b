// (e) Denoising and sparse.
data digits = rows(image: uniform[256, 1, 28, 28]) |> split(train: 1)
layer Encoder(x: real[B, 1, 28, 28]) -> real[B, 64] {
    let h = x |> flatten |> Linear(256) |> relu |> Linear(64) |> sigmoid
    penalize 3e-3 * kl_bernoulli(0.05, mean(h, over: B)) as sparsity     // activity regularizer: any scalar of any value in scope
    h
}
layer Decoder(h: real[B, 64]) -> real[B, 1, 28, 28] { h |> Linear(256) |> relu |> Linear(784) |> sigmoid |> reshape[B, 1, 28, 28] }
let enc = Encoder(), dec = Decoder()
train dae on digits.train {                                              // data digits = idx(…) |> scale(image, 1/255)
    batch 128 shuffled
    epochs 30
    step {
        let noisy = clamp(image + 0.3 * normal like image, 0, 1)
        minimize mse(dec(enc(noisy)), image) over enc, dec with Adam(lr: 1e-3)
    }
    every 100 steps { log loss, loss.terms }                             // mse 0.021 + sparsity 0.004
}
