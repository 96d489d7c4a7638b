/// Bilinear form of two vectors for each unit: `a @ w[i] @ b + bias[i]`.
///
/// `a: real[B, I]`, `b: real[B, J]`, `w: real[out, I, J]`, `bias: real[out]`, uniform in
/// `±1/sqrt(I)`.
/// Source: definition.
/// ```dlm
/// print Bilinear(2)(ones[1, 3], ones[1, 4]) * 0
/// //> [[0, 0]]
/// ```
layer Bilinear(out: int)(a: real[B, I], b: real[B, J]) -> real[B, out] {
    let r = 1 / sqrt(I)
    param w: real[out, I, J] = uniform(-r, r), bias: real[out] = uniform(-r, r)
    let half = reshape(a @ rearrange(w, [O, I, J] -> [I, (O J)]), [B, out, J])
    (half @ reshape(b, [B, J, 1]))[.., .., 0] + bias
}

/// A convolution whose windows have weights of their own at every place.
///
/// `x: real[B, C, ...S]`, `w: real[P, C * prod(k), out]`, `b: real[P, out]` for the P places;
/// uniform in `±1/sqrt(C * prod(k))`.
/// Source: LeCun 1989, Generalization and network design strategies.
/// ```dlm
/// print LocallyConnected(2, k: 2)(zeros[1, 1, 3, 3]) * 0
/// //> [[[[0, 0],
/// //>    [0, 0]],
/// //>   [[0, 0],
/// //>    [0, 0]]]]
/// ```
layer LocallyConnected(out: int, k: ints, stride: ints = 1)
                      (x: real[B, C, ...S]) -> real[B, out, ...((S - k) div stride + 1)]
    where S >= k : "LocallyConnected(k: {k}) needs every spatial size ≥ {k}, but got {S}"
{
    dim P = prod((S - k) div stride + 1)
    let r = 1 / sqrt(C * prod(k))
    param w: real[P, C * prod(k), out] = uniform(-r, r), b: real[P, out] = uniform(-r, r)
    let seen = reshape(unfold(x, k: k, stride: stride), [B, C, P, prod(k)])
    let rows = rearrange(seen, [B, C, P, K] -> [P, B, (C K)])
    let y = rearrange(rows @ w, [P, B, out] -> [B, P, out]) + b
    reshape(rearrange(y, [B, P, out] -> [B, out, P]), [B, out, ...((S - k) div stride + 1)])
}
