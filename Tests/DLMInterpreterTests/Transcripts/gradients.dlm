// Gradients that a function writes for itself.
fn sign_ste(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }
let a = [0.5, -2.0, 0.2], b = [1.0, 2.0, 3.0]
print grad(sum(sign_ste(a)), wrt: a)
// Several parameters: a tuple. What it writes can be differentiated again.
fn twice(x: real[...S], y: real[...S]) -> real[...S] { x * y } grad (g) { (g * y * 2, g * x) }
print grad(sum(twice(a, b)), wrt: [a, b])
print grad(sum(grad(sum(twice(a, b)^2), wrt: a)), wrt: a)

//> [1, 0, 1]
//> ([2, 4, 6], [0.5, -2, 0.2])
//> [8, 32, 72]
