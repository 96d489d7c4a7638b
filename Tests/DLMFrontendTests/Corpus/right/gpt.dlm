// Next words: causal over T, the same T on both sides.
layer GPT(v: int, d: int, depth: int)(ids: index(v)[B, T]) -> logit[B, T, v] {
    var h = ids |> Embedding(v, d) |> Positions()
    repeat depth {
        let n = h |> LayerNorm()
        h = h + Attention(4)(n, n, causal(T))
        h = h + (h |> LayerNorm() |> Linear(4 * d) |> gelu |> Linear(d))
    }
    h |> LayerNorm() |> Linear(v)
}
let net = GPT(20, 16, 2)
data d = rows(ids: index(reshape(positions(40) % 20, [8, 5]), 20), next: index(reshape((positions(40) + 1) % 20, [8, 5]), 20))
train words on d {
    batch 4
    minimize cross_entropy(net(ids), next) over net with AdamW(lr: 1e-3)
}
