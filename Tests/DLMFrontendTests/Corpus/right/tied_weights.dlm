layer Tied(n: int)(x: real[B, D]) -> real[B, D] {
    param w: real[n, D] = normal(0, 0.1), b: real[n] = 0, c: real[D] = 0
    relu(x @ w.T + b) @ w + c
}
print Tied(3)(ones[2, 5])
