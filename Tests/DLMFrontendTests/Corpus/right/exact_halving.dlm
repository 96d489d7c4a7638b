// k 4, stride 2, pad 1 halves an even length exactly.
layer Half(c: int)(x: real[B, C, H, W]) -> real[B, c, H / 2, W / 2] where H % 2 == 0, W % 2 == 0 {
    x |> Conv(c, k: 4, stride: 2, pad: 1)
}
print Half(4)(ones[1, 1, 12, 10])
