// (d) Two networks that play against each other.
data mnist = rows(image: uniform[128, 1, 28, 28]) |> split(train: 1)
layer Gen(z: real[B, 128]) -> real[B, 1, 28, 28] {
    z |> Linear(7*7*128) |> BatchNorm() |> relu |> reshape[B, 128, 7, 7]
      |> ConvT(64, k: 4, stride: 2, pad: 1) |> BatchNorm() |> relu
      |> ConvT(1, k: 4, stride: 2, pad: 1) |> tanh
}
layer Critic(x: real[B, 1, 28, 28]) -> real[B] {
    x |> Conv(64, k: 4, stride: 2, pad: 1) |> leaky_relu(0.2) |> Conv(128, k: 4, stride: 2, pad: 1) |> leaky_relu(0.2)
      |> flatten |> Linear(1) |> squeeze(over: 1)
}
let gen = Gen(), critic = Critic()

train wgan_gp on mnist.train {
    batch 64 shuffled drop last
    epochs 50
    step {
        repeat 5 {
            let fake = gen(normal[B, 128])
            let e = uniform[B, 1, 1, 1]
            let mix = e * image + (1 - e) * fake
            let g = grad(sum(critic(mix)), wrt: mix)                  // real[B, 1, 28, 28]; differentiable again
            let gp = mean((norm(g, over: all but B) - 1)^2)
            minimize mean(critic(fake)) - mean(critic(image)) + 10 * gp over critic with Adam(lr: 1e-4, betas: (0, 0.9)) as d
        }
        minimize -mean(critic(gen(normal[B, 128]))) over gen with Adam(lr: 1e-4, betas: (0, 0.9)) as g
    }
    every 100 steps { log d.loss, g.loss, gp }
    every epoch { save grid(gen(fixed normal[64, 128])) to "runs/wgan/{epoch}.png" }
}
// plain GAN: minimize bce(critic(image), 1) + bce(critic(gen(z)), 0) over critic …; minimize bce(critic(gen(z)), 1) over gen …
