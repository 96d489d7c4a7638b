// One more place in front: 1 + patches.
layer Tokens(p: int, d: int)(x: real[B, C, H, W]) -> real[B, (H / p) * (W / p) + 1, d]
    where H % p == 0, W % p == 0
{
    param first: real[1, 1, d] = 0
    dim h = H / p, w = W / p
    let patches = x |> rearrange([B, C, (h p), (w q)] -> [B, (h w), (C p q)]) |> Linear(d)
    concatenate(patches, first + zeros[B, 1, d], over: 1)
}
print Tokens(4, 16)(ones[2, 3, 8, 12])
