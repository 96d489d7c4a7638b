// A condition with its own words, met.
layer Fold(n: int)(x: real[B, T, D]) -> real[B, T / n, n * D] where T % n == 0 : "Fold({n}) cannot cut {T} places" {
    reshape(reshape(x, [B, T / n, n, D]), [B, T / n, n * D])
}
print Fold(2)(ones[3, 8, 5])
