// Two views in one network; the scores between rows of one and rows of the other are wanted.
layer Embed(x: real[B, 784]) -> real[B, 32] {
    let h = x |> Linear(128) |> relu |> Linear(32)
    h / (norm(h, over: 1)[.., new] + 1e-6)
}
let net = Embed()
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train views on mnist.train {
    batch 64 drop last
    step {
        let x = flatten(image)
        let a = net(x + 0.1 * normal like x), b = net(x + 0.1 * normal like x)
        let scores = a @ b.T / 0.1
        let own = sum(a * b, over: 1) / 0.1
        minimize mean(log(sum(exp(scores), over: 1)) - own) over net with Adam()
    }
}
