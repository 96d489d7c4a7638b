// Back-propagation through a 2-4-1 network written out by hand, and held against `grad`.
let x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
let t = [[0.0], [1.0], [1.0], [0.0]]

var w1 = normal[2, 4], b1 = zeros[4]
var w2 = normal[4, 1], b2 = zeros[1]
for turn in 1..300 {
    // Forwards.
    let h = tanh(x @ w1 + b1)
    let y = sigmoid(h @ w2 + b2)
    let cost = sum((y - t)^2) / 2
    // Backwards: what each sum of a layer adds to the cost.
    let d2 = (y - t) * y * (1 - y)
    let d1 = (d2 @ w2.T) * (1 - h^2)
    if turn == 1 {
        let (by_hand, by_dlm) = (x.T @ d1, grad(cost, wrt: w1))
        print "the gradients differ by {max(abs(by_hand - by_dlm)):4}"
    }
    w2 = w2 - 1.0 * (h.T @ d2)
    b2 = b2 - 1.0 * sum(d2, over: 0)
    w1 = w1 - 1.0 * (x.T @ d1)
    b1 = b1 - 1.0 * sum(d1, over: 0)
}
print "learned: {round(sigmoid(tanh(x @ w1 + b1) @ w2 + b2)[.., 0])}"
