// 60000 rows in batches of 64 leave 32: enough for a normalisation.
data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.5, std: 0.5)
layer Net(x: real[B, 1, 28, 28]) -> logit[B, 10] { x |> flatten |> Linear(32) |> BatchNorm() |> relu |> Linear(10) }
let net = Net()
train t on mnist.train {
    batch 64 shuffled
    minimize cross_entropy(net(image), label) over net with SGD(lr: 0.1)
}
