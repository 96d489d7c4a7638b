data mnist = idx("data/mnist", classes: 10)
    |> scale(image, 1/255)

layer MLP(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
    x |> flatten |> Linear(512) |> relu |> Linear(512) |> relu |> Linear(10) |> log_softmax
}

let net = MLP()

train mlp on mnist.train {
    batch 128 shuffled
    epochs 5
    minimize nll(net(image), label) over net with Adam(lr: 1e-3)
    every 10 steps { log loss }
    every epoch {
        eval mnist.test { log nll(net(image), label) as loss, accuracy(net(image), label) as acc }
    }
    checkpoint "runs/mlp" every epoch, keep best 1 by test.acc
}
