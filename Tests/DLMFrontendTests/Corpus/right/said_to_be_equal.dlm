fn same(x: real[N, D], y: real[M, D]) -> real[N, D] where N == M { x + y }
print same(ones[2, 3], ones[2, 3])
fn symmetric(x: real[N, M]) -> real[N, M] { if N == M { x + x.T } else { x } }
print symmetric(ones[2, 2])
layer Scaled(x: real[B, D]) -> real[B, D] {
    dim E = D
    param w: real[E] = ones
    x * w
}
print Scaled()(ones[2, 3])
