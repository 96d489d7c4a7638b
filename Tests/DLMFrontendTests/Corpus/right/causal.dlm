// k - 1 zeros before the first place keep T, and no place sees a later one.
layer Causal(c: int, k: int, step: int = 1)(x: real[B, C, T]) -> real[B, c, T] {
    x |> pad(low: step * (k - 1), high: 0, over: T) |> DilatedConv(c, k: k, dilation: step)
}
layer Net(x: real[B, 1, T]) -> real[B, 1, T] {
    x |> Causal(8, 3) |> relu |> Causal(8, 3, step: 2) |> relu |> Causal(1, 2, step: 4)
}
print Net()(ones[1, 1, 50])
