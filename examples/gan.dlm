// Two networks against each other: one makes numbers, the other tells them from real ones, which
// are normal with mean 4 and deviation 0.5. Source: Goodfellow et al. 2014,
// https://arxiv.org/abs/1406.2661
layer Generator(z: real[B, 4]) -> real[B, 1] { z |> Linear(16) |> relu |> Linear(1) }
layer Judge(x: real[B, 1]) -> logit[B, 1] { x |> Linear(16) |> relu |> Linear(1) }
let generator = Generator(), judge = Judge()
data real_ones = rows(x: 4 + 0.5 * normal[512, 1])

train contest on real_ones {
    batch 64 shuffled
    epochs 150
    seed 2
    step {
        let fake = generator(normal[B, 4])
        minimize bce_logits(judge(x), 1) + bce_logits(judge(fake), 0)
            over judge with Adam(lr: 5e-3, betas: (0.5, 0.9)) as j
        minimize bce_logits(judge(generator(normal[B, 4])), 1)
            over generator with Adam(lr: 5e-3, betas: (0.5, 0.9)) as g
    }
    every 50 epochs { log j.loss, g.loss }
}

let made = generator(normal[1000, 4])
print "mean {mean(made):1}, deviation {sqrt(mean((made - mean(made))^2)):1}"
