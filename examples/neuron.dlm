// One neuron with a ReLU, fitted by gradient descent written out by hand.
let points = [(0.0, 1.0), (0.5, 2.0), (1.0, 3.0), (1.5, 4.0), (2.0, 5.0)]   // (input, target): t = 2x + 1

var w = 0.1, b = 0.0
for turn in 1..100 {
    var cost = 0.0
    for (x, t) in points { cost = cost + (relu(w * x + b) - t)^2 / 5 }
    let (dw, db) = grad(cost, wrt: [w, b])
    w = w - 0.2 * dw
    b = b - 0.2 * db
    if turn % 20 == 0 { print "turn {turn}: cost {cost}, w {w}, b {b}" }
}
