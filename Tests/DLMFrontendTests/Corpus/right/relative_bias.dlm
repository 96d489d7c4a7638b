// A learned score for each pair of places, the same for every sample and head.
layer Biased(heads: int, n: int)(x: real[B, n, D]) -> real[B, n, D] where D % heads == 0 {
    param bias: real[n, n] = 0
    dim K = D / heads
    let h = x |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let a = softmax(h @ h.T / sqrt(K) + bias, over: -1)
    a @ h |> rearrange([B, heads, T, K] -> [B, T, (heads K)])
}
print Biased(2, 5)(ones[3, 5, 8])
