// One layer used twice has one set of weights.
layer Twin(a: real[B, D], b: real[B, D]) -> real[B, 8] {
    let f = Linear(8)
    abs(f(a) - f(b))
}
print Twin()(ones[2, 3], zeros[2, 3])
