data points = rows(x: [[0.0, 1.0], [1.0, 0.0]], t: [1.0, 0.0])
var w = zeros[3]
repeat 5 {
    for (x, t) in points {
        let v = append(x, 1.0)
        let o = real(sum(w * v) > 0)
        w = w + 0.1 * (t - o) * v
    }
}
print w
