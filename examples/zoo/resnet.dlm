// ResNet-18 and ResNet-34: He et al. 2015, https://arxiv.org/abs/1512.03385.
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
layer ResNet(blocks: [int] = [2, 2, 2, 2], width: int = 64, classes: int = 1000)
    (x: real[B, 3, H, W]) -> logit[B, classes]
{
    var h = x |> Conv(width, k: 7, stride: 2, pad: 3, bias: false) |> BatchNorm() |> relu
              |> MaxPool(3, stride: 2, pad: 1)
    repeat (i, n) in blocks {
        repeat j in 0..<n { h = h |> Basic(width * 2^i, stride: i > 0 and j == 0 ? 2 : 1) }
    }
    h |> global_mean |> Linear(classes)
}
