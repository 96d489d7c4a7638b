// Minimal gated unit with a running mean: two carries of different shape.
layer Run(n: int)(x: real[B, T, I]) -> real[B, T, n] {
    let gate = Linear(n), next = Linear(n)
    scan xt in x over T, carry (h, m) = (zeros[B, n], zeros[B, 1]) {
        let z = sigmoid(gate(xt))
        h = z * h + (1 - z) * tanh(next(concatenate(xt, h, over: 1)))
        m = 0.9 * m + 0.1 * mean(xt, over: 1, keep: true)
        emit h
    }
}
