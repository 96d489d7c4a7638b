layer Patches(p: int, d: int)(x: real[B, C, H, W]) -> real[B, (H / p) * (W / p), d]
    where H % p == 0, W % p == 0
{
    dim h = H / p, w = W / p
    x |> rearrange([B, C, (h p), (w q)] -> [B, (h w), (C p q)]) |> Linear(d)
}
layer ViT(x: real[B, 3, 32, 32]) -> logit[B, 10] {
    var h = x |> Patches(4, 64)
    repeat 2 {
        let a = h |> LayerNorm()
        h = h + Attention(4)(a, a)
        h = h + (h |> LayerNorm() |> Linear(128) |> gelu |> Linear(64))
    }
    mean(h, over: 1) |> Linear(10)
}
