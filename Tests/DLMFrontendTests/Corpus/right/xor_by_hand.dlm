// Two layers, backwards as on paper: every product has the shape that the next line needs.
let x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], t = [[0.0], [1.0], [1.0], [0.0]]
var w = normal[3, 2], b = zeros[3], v = normal[1, 3], c = zeros[1]
repeat 100 {
    let h = sigmoid(x @ w.T + b)
    let y = sigmoid(h @ v.T + c)
    let dy = (y - t) * y * (1 - y)
    let dh = (dy @ v) * h * (1 - h)
    v = v - 0.5 * (dy.T @ h)
    c = c - 0.5 * sum(dy, over: 0)
    w = w - 0.5 * (dh.T @ x)
    b = b - 0.5 * sum(dh, over: 0)
}
print w, b, v, c
