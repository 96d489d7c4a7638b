// C = groups * (C / groups): proved by the condition.
layer GroupNorm(groups: int, eps: real = 1e-5)(x: real[B, C, H, W]) -> real[B, C, H, W]
    where C % groups == 0
{
    let split = reshape(x, [B, groups, C / groups, H, W])
    let g = reshape(split, [B, groups, C / groups * H * W])
    let m = mean(g, over: -1, keep: true)
    let v = mean((g - m)^2, over: -1, keep: true)
    let back = reshape((g - m) / sqrt(v + eps), [B, groups, C / groups, H, W])
    reshape(back, [B, C, H, W])
}
print GroupNorm(4)(ones[2, 8, 3, 3])
