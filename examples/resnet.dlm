// A small residual network on MNIST: blocks that add what they find to what came in.
data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
layer Basic(c: int, stride: int = 1)(x: real[B, C, H, W]) -> real[B, c, _, _] {
    let y = x |> Conv(c, k: 3, stride: stride, pad: 1, bias: false) |> BatchNorm() |> relu
              |> Conv(c, k: 3, pad: 1, bias: false) |> BatchNorm()
    let s = if stride == 1 and C == c {
        x
    } else {
        x |> Conv(c, k: 1, stride: stride, bias: false) |> BatchNorm()
    }
    relu(y + s)
}
layer Net(x: real[B, 1, 28, 28]) -> logit[B, 10] {
    var h = x |> Conv(8, k: 3, stride: 2, pad: 1, bias: false) |> BatchNorm() |> relu
    repeat i in 0..<3 { h = h |> Basic(8 * 2^i, stride: i > 0 ? 2 : 1) }
    h |> global_mean |> Linear(10)
}
let net = Net()
train residual on mnist.train {
    batch 128 shuffled
    epochs 1
    minimize cross_entropy(net(image), label, smoothing: 0.05) over net
        with AdamW(lr: one_cycle(0.01, total: steps), decay: 0.05 except bias, gain)
    every 100 steps { log loss }
    every epoch { eval mnist.test { log accuracy(net(image), label) as acc } }
}
