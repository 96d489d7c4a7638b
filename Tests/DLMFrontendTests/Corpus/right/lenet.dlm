data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
layer LeNet(x: real[B, 1, 28, 28]) -> logit[B, 10] {
    x |> Conv(6, k: 5, pad: 2) |> tanh |> MeanPool(2)
      |> Conv(16, k: 5) |> tanh |> MeanPool(2)
      |> flatten |> Linear(120) |> tanh |> Linear(84) |> tanh |> Linear(10)
}
let net = LeNet()
train classify on mnist.train {
    batch 128 shuffled drop last
    minimize cross_entropy(net(image), label) over net with SGD(lr: 0.1, momentum: 0.9)
}
