// One neuron with a ReLU, fitted by gradient descent written out by hand.
// (input, target): t = 2x + 1
let points = [(0.0, 1.0), (0.5, 2.0), (1.0, 3.0), (1.5, 4.0), (2.0, 5.0)]

var w = 0.1, b = 0.0
for turn in 1..100 {
    var cost = 0.0
    for (x, t) in points { cost = cost + (relu(w * x + b) - t)^2 / 5 }
    let (dw, db) = grad(cost, wrt: [w, b])
    w = w - 0.2 * dw
    b = b - 0.2 * db
    if turn % 20 == 0 { print "turn {turn}: cost {cost}, w {w}, b {b}" }
}

//> turn 20: cost 0.00065, w 1.96937, b 1.03923
//> turn 40: cost 1.66032e-5, w 1.99511, b 1.00626
//> turn 60: cost 4.22554e-7, w 1.99922, b 1.001
//> turn 80: cost 1.07626e-8, w 1.99988, b 1.00016
//> turn 100: cost 2.7336e-10, w 1.99998, b 1.00003
