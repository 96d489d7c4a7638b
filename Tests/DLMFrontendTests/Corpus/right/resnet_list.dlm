// Widths that are computed from the turn.
layer Basic(c: int, stride: int = 1)(x: real[B, C, H, W]) -> real[B, c, _, _] {
    let y = x |> Conv(c, k: 3, stride: stride, pad: 1, bias: false) |> BatchNorm() |> relu
    relu(y + (x |> Conv(c, k: 1, stride: stride, bias: false)))
}
layer ResNet(blocks: [int] = [2, 2], width: int = 8, classes: int)(x: real[B, 3, H, W]) -> logit[B, classes] {
    var h = x |> Conv(width, k: 3, pad: 1)
    repeat (i, n) in blocks {
        repeat j in 0..<n { h = h |> Basic(width * 2^i, stride: i > 0 and j == 0 ? 2 : 1) }
    }
    h |> global_mean |> Linear(classes)
}
print ResNet(classes: 10)(ones[1, 3, 32, 32])
