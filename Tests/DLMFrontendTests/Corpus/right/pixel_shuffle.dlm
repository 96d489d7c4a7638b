// Channels become pixels: r * r of them at each place.
layer Shuffle(r: int)(x: real[B, C, H, W]) -> real[B, C / (r * r), H * r, W * r] where C % (r * r) == 0 {
    dim c = C / (r * r)
    reshape(x, [B, c, r, r, H, W]) |> rearrange([B, c, p, q, H, W] -> [B, c, (H p), (W q)])
}
print Shuffle(2)(ones[1, 8, 3, 3])
