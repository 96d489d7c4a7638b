// What "same" is before a stride: an even image gets one row and one column at its ends.
layer Stem(x: real[B, 3, H, W]) -> real[B, 8, H / 4, W / 4] where H % 4 == 0, W % 4 == 0 {
    x |> pad(low: 0, high: 1, over: [H, W]) |> Conv(8, k: 3, stride: 2) |> relu
      |> pad(low: 0, high: 1, over: [-2, -1], value: -inf) |> MaxPool(3, stride: 2)
}
print Stem()(ones[1, 3, 32, 32])
