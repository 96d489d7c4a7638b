// Two minimize with their own optimizers; the fakes of one are not those of the other.
layer Gen(z: real[B, 16]) -> real[B, 2] { z |> Linear(32) |> relu |> Linear(2) }
layer Disc(x: real[B, 2]) -> real[B] { x |> Linear(32) |> leaky_relu(0.2) |> Linear(1) |> squeeze(over: 1) }
let gen = Gen(), disc = Disc()
data ring = rows(x: normal[512, 2])
train gan on ring {
    batch 64 shuffled
    step {
        minimize mean((disc(x) - 1)^2) + mean(disc(gen(normal[B, 16]))^2) over disc with Adam(lr: 2e-4) as d
        minimize mean((disc(gen(normal[B, 16])) - 1)^2) over gen with Adam(lr: 2e-4) as g
    }
    every 50 steps { log d.loss, g.loss }
}
