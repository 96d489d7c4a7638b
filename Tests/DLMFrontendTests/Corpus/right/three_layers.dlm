data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
layer MLP(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
    x |> flatten |> Linear(256) |> relu |> Dropout(0.2) |> Linear(64) |> relu |> Linear(10) |> log_softmax
}
let net = MLP()
train classify on mnist.train {
    batch 64 shuffled
    epochs 2
    minimize nll(net(image), label) over net with Adam()
    every epoch { eval mnist.test { log nll(net(image), label) as loss, accuracy(net(image), label) as acc } }
    checkpoint "runs/mlp" every epoch, keep best 1 by test.acc
}
