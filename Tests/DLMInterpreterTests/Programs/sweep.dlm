// Params, sweeps and tests.
data mnist = rows(image: uniform[64, 1, 28, 28], label: index(positions(64) % 10, 10)) |> split(train: 0.5, test: 0.5)
dim depth = 1, width = 8
layer Net(depth: int, width: int)(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
    var h = flatten(x)
    repeat depth { h = h |> Linear(width) |> relu }
    h |> Linear(10) |> log_softmax
}
let net = Net(depth, width)
train mnist_cnn on mnist.train {
    batch 16
    epochs 1
    minimize nll(net(image), label) over net with SGD(lr: 0.1)
}
sweep depth in [2, 4, 8], width in [64, 128] { run mnist_cnn(depth, width) }
test "log-probabilities sum to one" {
    let p = net(sample(mnist.test, 8).image)
    expect sum(exp(p), over: -1) ~= ones[8]
}
