// Channels grow by concatenation: C + n * growth.
layer Dense(n: int, growth: int)(x: real[B, C, H, W]) -> real[B, C + n * growth, H, W] {
    var h = x
    repeat n { h = concatenate(h, h |> BatchNorm() |> relu |> Conv(growth, k: 3, pad: 1), over: 1) }
    h
}
print Dense(3, 4)(ones[1, 8, 5, 5])
