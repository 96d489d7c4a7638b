// Each minimize has its own parameters, and every parameter has one.
layer Trunk(x: real[B, 1, 28, 28]) -> real[B, 32] { x |> flatten |> Linear(32) |> relu }
let trunk = Trunk(), digit = Linear(10), again = Linear(784)
data mnist = idx("data/mnist", classes: 10) |> scale(image, 1/255)
train both on mnist.train {
    batch 64
    epochs 2
    step {
        minimize cross_entropy(digit(trunk(image)), label) over trunk, digit with Adam(lr: 1e-3) as c
        minimize mse(again(trunk(image)), flatten(image)) over again with SGD(lr: 0.1) as r
    }
    every epoch {
        log c.loss, r.loss
        eval mnist.test { log accuracy(digit(trunk(image)), label) as acc }
    }
    stop when test.acc stalls 3 epochs
}
