// Depthwise and pointwise: groups are the channels.
layer Separable(c: int)(x: real[B, C, H, W]) -> real[B, c, H, W] {
    x |> Conv(C, k: 3, pad: 1, groups: C) |> BatchNorm() |> relu |> Conv(c, k: 1)
}
print Separable(8)(ones[1, 4, 6, 6])
