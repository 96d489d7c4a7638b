layer Gen(z: real[B, 64]) -> real[B, 784] { z |> Linear(784) |> tanh }
layer Critic(x: real[B, 784]) -> real[B] { x |> Linear(64) |> relu |> Linear(1) |> squeeze(over: 1) }
let gen = Gen(), critic = Critic()
data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.5, std: 0.5)
train wgan on mnist.train {
    batch 64 drop last
    step {
        let x = flatten(image)
        repeat 2 {
            let fake = gen(normal[B, 64])
            let e = uniform[B, 1]
            let mix = e * x + (1 - e) * fake
            let g = grad(sum(critic(mix)), wrt: mix)
            let gp = mean((norm(g, over: all but B) - 1)^2)
            minimize mean(critic(fake)) - mean(critic(x)) + 10 * gp over critic with Adam(lr: 1e-4) as d
        }
        minimize -mean(critic(gen(normal[B, 64]))) over gen with Adam(lr: 1e-4) as g
    }
    every 10 steps { log d.loss, g.loss }
}
