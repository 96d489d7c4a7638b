// Noise of a level drawn for each sample; an embedding of the level beside the image.
layer Denoise(levels: int)(x: real[B, D], t: index(levels)[B]) -> real[B, D] {
    let e = t |> Embedding(levels, 16)
    concatenate(x, e, over: 1) |> Linear(64) |> relu |> Linear(D)
}
let net = Denoise(10)
data ring = rows(x: normal[256, 2], t: index(positions(256) % 10, 10))
train diffuse on ring {
    batch 32
    step {
        let noise = normal like x
        let keep = (1 - real(t) / 10)[.., new]
        minimize mse(net(keep * x + (1 - keep) * noise, t), noise) over net with Adam()
    }
}
