// A generator and a critic on the digits: Wasserstein distance with a gradient penalty.
// Source: Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028
data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.5, std: 0.5)

layer Gen(z: real[B, 64]) -> real[B, 1, 28, 28] {
    z |> Linear(7*7*32) |> BatchNorm() |> relu |> reshape[B, 32, 7, 7]
      |> ConvT(16, k: 4, stride: 2, pad: 1) |> BatchNorm() |> relu
      |> ConvT(1, k: 4, stride: 2, pad: 1) |> tanh
}

layer Critic(x: real[B, 1, 28, 28]) -> real[B] {
    x |> Conv(16, k: 4, stride: 2, pad: 1) |> leaky_relu(0.2)
      |> Conv(32, k: 4, stride: 2, pad: 1) |> leaky_relu(0.2)
      |> flatten |> Linear(1) |> squeeze(over: 1)
}

let gen = Gen(), critic = Critic()

train wgan_gp on mnist.train {
    batch 64 shuffled drop last
    epochs 1
    step {
        repeat 2 {
            let fake = gen(normal[B, 64])
            let e = uniform[B, 1, 1, 1]
            let mix = e * image + (1 - e) * fake
            let slope = grad(sum(critic(mix)), wrt: mix)
            let gp = mean((norm(slope, over: all but B) - 1)^2)
            minimize mean(critic(fake)) - mean(critic(image)) + 10 * gp
                over critic with Adam(lr: 1e-4, betas: (0, 0.9)) as d
        }
        minimize -mean(critic(gen(normal[B, 64]))) over gen
            with Adam(lr: 1e-4, betas: (0, 0.9)) as g
    }
    every 100 steps { log d.loss, g.loss }
}
