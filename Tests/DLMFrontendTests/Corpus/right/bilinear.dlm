// out and J in one product, taken apart again in their order.
layer Bilinear(out: int)(a: real[B, I], b: real[B, J]) -> real[B, out] {
    param w: real[out, I, J] = normal(0, 0.1)
    let aw = reshape(a @ reshape(rearrange(w, [O, I, J] -> [I, O, J]), [I, out * J]), [B, out, J])
    sum(aw * b[.., new, ..], over: -1)
}
print Bilinear(3)(ones[2, 4], ones[2, 5])
