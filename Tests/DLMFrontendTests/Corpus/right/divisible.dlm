layer Groups(g: int)(x: real[B, D]) -> real[B, g, D / g] where D % g == 0 {
    dim K = D / g
    let y = reshape(x, [B, g, K])
    let back = reshape(y, [B, g * K])
    reshape(back + x, [B, g, K])
}
print Groups(4)(ones[2, 12])
