// Padded on both sides, cut behind: T stays T.
layer Causal(c: int, k: int)(x: real[B, C, T]) -> real[B, c, T] where k >= 1 {
    let y = x |> Conv(c, k: k, pad: k - 1)
    y[.., .., 0..<T]
}
print Causal(4, 3)(ones[2, 1, 10])
