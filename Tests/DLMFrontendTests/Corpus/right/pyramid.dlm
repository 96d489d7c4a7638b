// Halved three times and doubled three times.
layer Hourglass(x: real[B, 4, H, W]) -> real[B, 4, H, W] where H % 8 == 0, W % 8 == 0 {
    var h = x
    repeat 3 { h = h |> Conv(4, k: 3, pad: 1) |> MaxPool(2) }
    repeat 3 { h = h |> ConvT(4, k: 2, stride: 2) }
    h + x
}
print Hourglass()(ones[1, 4, 16, 8])
