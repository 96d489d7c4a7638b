// Places of an image as a sequence, and back.
layer Places(x: real[B, C, H, W]) -> real[B, C, H, W] where C % 4 == 0 {
    let s = x |> rearrange([B, C, H, W] -> [B, (H W), C])
    let a = s + Attention(4)(s, s)
    reshape(a, [B, H, W, C]) |> rearrange([B, H, W, C] -> [B, C, H, W])
}
print Places()(ones[1, 8, 3, 5])
