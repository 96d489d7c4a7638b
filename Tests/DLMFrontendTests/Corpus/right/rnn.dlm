layer RNN(n: int)(x: real[B, T, I]) -> real[B, n] {
    param u: real[n, n] = normal(0, 0.1), b: real[n] = 0
    let wx = Linear(n)
    scan xt in x over T, carry h = zeros[B, n] {
        h = tanh(wx(xt) + h @ u.T + b)
    }
    h
}
let r = RNN(16)
print sum(r(ones[2, 7, 4]))
