// The perceptron of 1958: a rule of learning written by hand, without a gradient.
// It learns which points lie above a line, and draws what it has found.
let points = [
    ([0.1, 0.9], 1.0), ([0.4, 0.8], 1.0), ([0.7, 0.9], 1.0), ([0.2, 0.6], 1.0), ([0.5, 0.95], 1.0),
    ([0.3, 0.1], 0.0), ([0.6, 0.3], 0.0), ([0.9, 0.5], 0.0), ([0.8, 0.2], 0.0), ([0.5, 0.2], 0.0)
]
var w = zeros[3]
repeat turn in 1..20 {
    var wrong = 0.0
    for (x, t) in points {
        let seen = append(x, 1.0)
        let o = step(sum(w * seen))
        w = w + 0.1 * (t - o) * seen
        wrong = wrong + abs(t - o)
    }
    if turn % 5 == 0 { print "turn {turn}: {wrong} of {length(points)} points wrong" }
}
for (x, t) in points { expect step(sum(w * append(x, 1.0))) == t }
plot regions(fn (p) { step(sum(w * append(p, 1.0))) }, over: points) to "perceptron.svg"
