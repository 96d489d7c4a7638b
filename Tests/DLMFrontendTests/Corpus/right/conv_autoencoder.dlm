// 28 -> 14 -> 7 and back to 28.
layer Auto(x: real[B, 1, 28, 28]) -> prob[B, 1, 28, 28] {
    let code = x |> Conv(8, k: 4, stride: 2, pad: 1) |> relu |> Conv(16, k: 4, stride: 2, pad: 1) |> relu
    code |> ConvT(8, k: 4, stride: 2, pad: 1) |> relu |> ConvT(1, k: 4, stride: 2, pad: 1) |> sigmoid
}
let net = Auto()
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train auto on mnist.train {
    batch 64 shuffled
    minimize bce(net(image), image) over net with Adam(lr: 1e-3)
    every epoch { eval mnist.test { log mse(net(image), image) as error } }
}
