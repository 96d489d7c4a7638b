// [n, d] is laid on [B, n, d] from the right end; n is the length of the input.
layer Embed(v: int, n: int, d: int)(ids: index(v)[B, n]) -> real[B, n, d] {
    param place: real[n, d] = normal(0, 0.02)
    (ids |> Embedding(v, d)) + place
}
print Embed(10, 3, 4)(index([[1, 2, 3], [4, 5, 6]], 10))
