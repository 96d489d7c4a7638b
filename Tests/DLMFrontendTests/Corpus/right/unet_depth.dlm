// Down and up by a list that remembers: each skip has the size of its turn.
layer Two(c: int)(x: real[B, C, H, W]) -> real[B, c, H, W] { x |> Conv(c, k: 3, pad: 1) |> relu |> Conv(c, k: 3, pad: 1) |> relu }
layer UNet(c: int = 8)(x: real[B, 1, H, W]) -> logit[B, 2, H, W] where H % 8 == 0, W % 8 == 0 {
    let a = x |> Two(c)
    let b = a |> MaxPool(2) |> Two(2 * c)
    let d = b |> MaxPool(2) |> Two(4 * c)
    var h = d |> MaxPool(2) |> Two(8 * c)
    h = concatenate(d, h |> ConvT(4 * c, k: 2, stride: 2), over: 1) |> Two(4 * c)
    h = concatenate(b, h |> ConvT(2 * c, k: 2, stride: 2), over: 1) |> Two(2 * c)
    h = concatenate(a, h |> ConvT(c, k: 2, stride: 2), over: 1) |> Two(c)
    h |> Conv(2, k: 1)
}
print UNet()(ones[1, 1, 16, 24])
