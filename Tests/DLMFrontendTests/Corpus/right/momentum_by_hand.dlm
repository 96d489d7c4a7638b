// The velocity has the shape of the gradient at every turn.
let target = [1.0, -2.0, 0.5]
var w = zeros[3], v = zeros[3]
for i in 0..<30 {
    let g = grad(sum((w - target)^2), wrt: w)
    v = 0.9 * v + g
    w = w - 0.05 * v
}
print w
