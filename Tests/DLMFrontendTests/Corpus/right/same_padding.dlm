// An odd window with (k - 1) div 2 on each side keeps the size.
layer Same(c: int, k: int)(x: real[B, C, H, W]) -> real[B, c, H, W] where k % 2 == 1 {
    x |> Conv(c, k: k, pad: (k - 1) div 2)
}
print Same(4, 5)(ones[1, 1, 9, 9])
