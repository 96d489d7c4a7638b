layer Up(c: int)(x: real[B, C, H, W]) -> real[B, c, 2*H, 2*W] { x |> ConvT(c, k: 4, stride: 2, pad: 1) |> relu }
layer Decoder(z: real[B, N]) -> real[B, 1, 28, 28] {
    z |> Linear(7*7*16) |> reshape[B, 16, 7, 7] |> Up(8) |> Up(1)
}
print Decoder()(ones[2, 10])
