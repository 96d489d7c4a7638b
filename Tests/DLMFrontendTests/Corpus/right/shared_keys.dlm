// One head of keys for all heads of queries: a written 1 goes with any number of them.
layer MultiQuery(heads: int)(x: real[B, T, D]) -> real[B, T, D] where D % heads == 0 {
    dim K = D / heads
    let q = x |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let k = (x |> Linear(K))[.., new, 0..<T, 0..<K], v = (x |> Linear(K))[.., new, 0..<T, 0..<K]
    let a = softmax(q @ k.T / sqrt(K), over: -1)
    rearrange(a @ v, [B, heads, T, K] -> [B, T, (heads K)]) |> Linear(D)
}
print MultiQuery(4)(ones[2, 5, 16])
