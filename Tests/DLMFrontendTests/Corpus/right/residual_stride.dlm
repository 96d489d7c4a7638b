// Both sides of the sum have (H - 1) div stride + 1: proved.
layer Basic(c: int, stride: int = 1)(x: real[B, C, H, W]) -> real[B, c, _, _] {
    let y = x |> Conv(c, k: 3, stride: stride, pad: 1) |> relu |> Conv(c, k: 3, pad: 1)
    let s = if stride == 1 and C == c { x } else { x |> Conv(c, k: 1, stride: stride) }
    relu(y + s)
}
layer Net(x: real[B, 3, 32, 32]) -> logit[B, 10] {
    x |> Basic(16) |> Basic(32, stride: 2) |> Basic(32) |> global_mean |> Linear(10)
}
