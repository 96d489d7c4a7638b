let x = [[0.0, 1.0], [1.0, 1.0]], t = [[1.0], [0.0]]
var w1 = normal[3, 2], w2 = normal[1, 3]
repeat 50 {
    let h = tanh(x @ w1.T)
    let y = h @ w2.T
    let e = y - t
    let g2 = e.T @ h
    let g1 = (e @ w2 * (1 - h^2)).T @ x
    w1 = w1 - 0.1 * g1
    w2 = w2 - 0.1 * g2
}
print w1, w2
