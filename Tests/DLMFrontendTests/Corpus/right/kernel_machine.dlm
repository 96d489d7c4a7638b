// A centre in each row: [B, n, D] from [B, 1, D] and [n, D].
layer Kernel(n: int, gamma: real = 1.0)(x: real[B, D]) -> real[B] {
    param centers: real[n, D] = normal(0, 1), alpha: real[n] = 0
    let d = sum((x[.., new, ..] - centers)^2, over: -1)
    exp(-gamma * d) @ alpha
}
let net = Kernel(6)
print net(ones[5, 3])
