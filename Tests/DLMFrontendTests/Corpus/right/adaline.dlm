// The rule of 1960: the error before the threshold.
let points = [([0.0, 1.0], -1.0), ([1.0, 1.0], 1.0), ([1.0, 0.0], 1.0)]
var w = zeros[2], b = 0.0
repeat 50 {
    for (x, t) in points {
        let e = t - (dot(w, x) + b)
        w = w + 0.1 * e * x
        b = b + 0.1 * e
    }
}
print sign(dot(w, [1.0, 1.0]) + b)
