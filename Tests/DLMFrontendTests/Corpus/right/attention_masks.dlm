// A mask that may be missing; T and S are two lengths, one in self-attention.
layer Look(heads: int)(q: real[B, T, D], m: real[B, S, D], mask: bool[T, S]?) -> real[B, T, D]
    where D % heads == 0
{
    dim K = D / heads
    let qh = q |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let kh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let s0 = dot(qh, kh, over: K) / sqrt(K)
    let s = if let ok = mask { fill(s0, -inf, where: not ok) } else { s0 }
    dot(softmax(s, over: S), kh, over: S) |> rearrange([B, heads, T, K] -> [B, T, (heads K)])
}
print Look(4)(ones[2, 5, 32], ones[2, 7, 32])
print Look(4)(ones[2, 5, 32], ones[2, 5, 32], causal(5))
