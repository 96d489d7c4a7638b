// (b) Residual blocks whose widths are computed.
layer Basic(c: int, stride: int = 1)(x: real[B, C, H, W]) -> real[B, c, _, _] {
    let y = x |> Conv(c, k: 3, stride: stride, pad: 1, bias: false) |> BatchNorm() |> relu
              |> Conv(c, k: 3, pad: 1, bias: false) |> BatchNorm()
    let s = if stride == 1 and C == c { x }                          // inside: facts stride = 1, C = c
            else { x |> Conv(c, k: 1, stride: stride, bias: false) |> BatchNorm() }
    relu(y + s)                                                      // (H-1) div stride + 1 on both sides: proved
}

layer ResNet(blocks: [int] = [2, 2, 2, 2], width: int = 64, classes: int)(x: real[B, 3, H, W]) -> logit[B, classes] {
    var h = x |> Conv(width, k: 7, stride: 2, pad: 3, bias: false) |> BatchNorm() |> relu |> MaxPool(3, stride: 2, pad: 1)
    repeat (i, n) in blocks {                                        // unrolled while checking: width * 2^i is a number
        repeat j in 0..<n { h = h |> Basic(width * 2^i, stride: i > 0 and j == 0 ? 2 : 1) }
    }
    h |> global_mean |> Linear(classes)
}

data cifar = rows(image: uniform[12, 3, 32, 32], label: index(positions(12) % 10, 10))
let net = ResNet(blocks: [1, 1], width: 8, classes: 10)
train classify on cifar {
    batch 4
    minimize cross_entropy(net(image), label) over net with SGD(lr: 0.01, momentum: 0.9)
    every step { log loss }
}
