layer Double(c: int)(x: real[B, C, H, W]) -> real[B, c, H, W] {
    x |> Conv(c, k: 3, pad: 1) |> relu |> Conv(c, k: 3, pad: 1) |> relu
}
layer UNet(x: real[B, 1, H, W]) -> real[B, 2, H, W] where H % 4 == 0, W % 4 == 0 {
    let a = x |> Double(16)
    let b = a |> MaxPool(2) |> Double(32)
    let c = b |> MaxPool(2) |> Double(64)
    let d = concatenate(b, c |> ConvT(32, k: 2, stride: 2), over: 1) |> Double(32)
    let e = concatenate(a, d |> ConvT(16, k: 2, stride: 2), over: 1) |> Double(16)
    e |> Conv(2, k: 1)
}
