// Crops of the size that the network takes; every clause of a training.
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
layer Net(x: real[B, 1, 28, 28]) -> logit[B, 10] { x |> Conv(8, k: 5, stride: 2) |> relu |> flatten |> Linear(10) }
let net = Net()
train t on mnist.train |> augment { crop(28, pad: 2), flip(p: 0.5) } {
    batch 64 shuffled
    epochs 5
    accumulate 2
    minimize cross_entropy(net(image), label) over net with SGD(lr: 0.1, momentum: 0.9, decay: 1e-4)
    clip norm 5.0
    every epoch { eval mnist.test { log cross_entropy(net(image), label) as loss, accuracy(net(image), label) as acc } }
    checkpoint "runs/augmented" every epoch, keep best 1 by test.acc, keep last 1
}
