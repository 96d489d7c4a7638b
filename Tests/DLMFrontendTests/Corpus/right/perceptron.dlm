let xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
let ts = [0.0, 0.0, 0.0, 1.0]
var w = zeros[3]
repeat 20 {
    for i in 0..<4 {
        let x = append(xs[i], 1.0)
        let o = if sum(w * x) > 0 { 1.0 } else { 0.0 }
        w = w + 0.1 * (ts[i] - o) * x
    }
}
print w
