data mnist = idx("data/mnist", classes: 10)              // image: u8[1, 28, 28], label: index(10)
    |> normalize(image, mean: 0.1307, std: 0.3081)       // image: real[C, H, W]

layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
    x |> Conv(10, k: 5) |> MaxPool(2) |> relu
      |> Conv(20, k: 5) |> Dropout2d(0.5) |> MaxPool(2) |> relu
      |> flatten                                          // editor shows: real[B, 320]
      |> Linear(50) |> relu |> Dropout(0.5)
      |> Linear(10) |> log_softmax
}

let net = Net()

train mnist_cnn on mnist.train {
    batch 64 shuffled
    epochs 10
    minimize nll(net(image), label) over net with SGD(lr: 0.01, momentum: 0.5)
    every 10 steps { log loss }
    every epoch {
        eval mnist.test { log nll(net(image), label) as loss, accuracy(net(image), label) as acc }
    }
    checkpoint "runs/mnist" every epoch, keep best 1 by test.acc
}
