dim D = 64, heads = 8, T = 16
layer Split(x: real[B, T, D]) -> real[B, heads, T, D / heads] {
    x |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
}
print Split()(ones[2, T, D])
