layer Gen(z: real[B, 64]) -> real[B, 784] { z |> Linear(128) |> relu |> Linear(784) |> tanh }
layer Disc(x: real[B, 784]) -> prob[B] { x |> Linear(128) |> leaky_relu(0.2) |> Linear(1) |> sigmoid |> squeeze(over: 1) }
let gen = Gen(), disc = Disc()
data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.5, std: 0.5)
train gan on mnist.train {
    batch 64 shuffled drop last
    step {
        let fake = gen(normal[B, 64])
        minimize bce(disc(flatten(image)), 1) + bce(disc(fake), 0) over disc with Adam(lr: 2e-4) as d
        minimize bce(disc(gen(normal[B, 64])), 1) over gen with Adam(lr: 2e-4) as g
    }
    every 100 steps { log d.loss, g.loss }
}
