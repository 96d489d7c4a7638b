// (f) Attention, a block of it, and two lengths.
layer Attention(heads: int)(q: real[B, T, D], m: real[B, S, D], mask: bool[T, S]?) -> real[B, T, D]
    where D % heads == 0
{
    dim K = D / heads
    let qh = q |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let kh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let vh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let s0 = dot(qh, kh, over: K) / sqrt(K)                               // real[B, heads, T, S]
    let s = if let ok = mask { fill(s0, -inf, where: not ok) } else { s0 }
    let a = softmax(s, over: S) |> Dropout(0.1)
    dot(a, vh, over: S) |> rearrange([B, heads, T, K] -> [B, T, (heads K)])  // heads*K = D by the fact: proved
        |> Linear(D)
}
layer Block(heads: int, ff: int)(x: real[B, T, D], mask: bool[T, T]?) -> real[B, T, D] {
    let h = x + Attention(heads)(LayerNorm()(x), LayerNorm()(x), mask)    // T and S are separate symbols in Attention, both T here
    h + (h |> LayerNorm() |> Linear(ff) |> gelu |> Linear(D))
}
dim VS = 12, VT = 9
data pairs = rows(
    src: index(reshape(positions(40) % 12, [8, 5]), 12), tgt: index(reshape(positions(32) % 9, [8, 4]), 9)
)
layer Seq2Seq(d: int = 256, n: int = 3)(src: index(VS)[B, S], tgt: index(VT)[B, T]) -> logit[B, T, VT] {
    var m = src |> Embedding(VS, d) |> Positions()
    repeat n { m = m |> Block(8, 4*d) }
    var h = tgt |> Embedding(VT, d) |> Positions()
    repeat n {
        h = h + Attention(8)(LayerNorm()(h), LayerNorm()(h), causal(T))
        h = h + Attention(8)(LayerNorm()(h), m)
        h = h + (h |> LayerNorm() |> Linear(4*d) |> gelu |> Linear(d))
    }
    h |> LayerNorm() |> Linear(VT)
}

let net = Seq2Seq(d: 32, n: 1)
train translate on pairs {
    batch 4
    minimize cross_entropy(net(src, tgt), tgt) over net with Adam(lr: 1e-3)
}
