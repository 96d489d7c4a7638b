// Two lengths: the memory's S and the target's T.
layer Block(heads: int, ff: int)(x: real[B, T, D], m: real[B, S, D]) -> real[B, T, D] {
    let n = LayerNorm()(x)
    let h = x + Attention(heads)(n, n, causal(T))
    let g = h + Attention(heads)(LayerNorm()(h), m)
    g + (g |> LayerNorm() |> Linear(ff) |> gelu |> Linear(D))
}
layer Seq2Seq(v: int, w: int, d: int = 32)(src: index(v)[B, S], tgt: index(w)[B, T]) -> logit[B, T, w] {
    let m = src |> Embedding(v, d) |> Positions()
    var h = tgt |> Embedding(w, d) |> Positions()
    repeat 2 { h = Block(4, 4 * d)(h, m) }
    h |> LayerNorm() |> Linear(w)
}
