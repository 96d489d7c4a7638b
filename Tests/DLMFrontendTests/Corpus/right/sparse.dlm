layer Encoder(x: real[B, 784]) -> real[B, 64] {
    let h = x |> Linear(64) |> sigmoid
    penalize 3e-3 * kl_bernoulli(0.05, mean(h, over: B)) as sparsity
    h
}
let enc = Encoder(), dec = Linear(784)
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train sparse on mnist.train {
    batch 128
    minimize mse(dec(enc(flatten(image))), flatten(image)) over enc, dec with Adam()
}
