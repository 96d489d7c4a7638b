layer Seq(v: int)(src: index(v)[B, S], tgt: index(v)[B, T]) -> logit[B, T, v] {
    let m = src |> Embedding(v, 32) |> GRU(32)
    let h = tgt |> Embedding(v, 32) |> GRU(32)
    let scores = softmax(dot(h, m, over: -1), over: S)
    let c = dot(scores, m, over: S)
    concatenate(h, c, over: -1) |> Linear(v)
}
