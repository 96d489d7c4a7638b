// The width D at every turn: the sum keeps its shape.
layer Encoder(depth: int, heads: int, ff: int)(x: real[B, T, D]) -> real[B, T, D] where D % heads == 0 {
    var h = x
    repeat depth {
        let n = h |> LayerNorm()
        h = h + (Attention(heads)(n, n) |> Dropout(0.1))
        h = h + (h |> LayerNorm() |> Linear(ff) |> gelu |> Linear(D) |> Dropout(0.1))
    }
    h |> LayerNorm()
}
print Encoder(2, 4, 64)(ones[2, 7, 32])
