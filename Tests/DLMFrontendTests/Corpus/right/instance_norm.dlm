// The written axes of length 1 go with H and W.
layer InstanceNorm(eps: real = 1e-5)(x: real[B, C, H, W]) -> real[B, C, H, W] {
    let flat = reshape(x, [B, C, H * W])
    let m = mean(flat, over: -1)[.., new, new]
    let v = mean((x - m)^2, over: -1, keep: true)
    let s = mean(v, over: -2, keep: true)
    (x - m) / sqrt(s + eps)
}
