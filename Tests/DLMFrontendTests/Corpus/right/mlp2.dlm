dim D = 512, heads = 8
layer Heads(x: real[B, T, D]) -> real[B, heads, T, D / heads] {
    x |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
}
