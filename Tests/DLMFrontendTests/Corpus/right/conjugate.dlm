// Steepest descent with the exact step for a quadratic form.
let a = [[4.0, 1.0], [1.0, 3.0]], b = [1.0, 2.0]
var x = zeros[2]
repeat 10 {
    let r = b - a @ x
    x = x + (dot(r, r) / (dot(r, a @ r) + 1e-9)) * r
}
print x
