// 4 * c channels on both sides of the sum, whether the shortcut is a projection or not.
layer Bottleneck(c: int, stride: int = 1)(x: real[B, C, H, W]) -> real[B, 4 * c, _, _] {
    let y = x |> Conv(c, k: 1) |> BatchNorm() |> relu
              |> Conv(c, k: 3, stride: stride, pad: 1) |> BatchNorm() |> relu
              |> Conv(4 * c, k: 1) |> BatchNorm()
    let s = if stride == 1 and C == 4 * c { x } else { x |> Conv(4 * c, k: 1, stride: stride) }
    relu(y + s)
}
print ones[1, 16, 8, 8] |> Bottleneck(8) |> Bottleneck(8) |> Bottleneck(16, stride: 2)
