let xs = [[1.0, 2.0], [2.0, 1.0], [-1.0, -1.0]]
let ys = [1.0, 1.0, 0.0]
var w = zeros[2]
var b = 0.0
for step in 0..<100 {
    let p = sigmoid(xs @ w + b)
    let g = p - ys
    w = w - 0.1 * (g @ xs) / 3
    b = b - 0.1 * mean(g)
}
print w, b
