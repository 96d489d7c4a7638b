// In the branch the width is known.
layer Same(n: int)(x: real[B, D]) -> real[B, n] {
    if D == n { x } else { x |> Linear(n) }
}
print Same(4)(ones[2, 4])
print Same(8)(ones[2, 4])
