// A polynomial of degree nine through ten noisy points: without decay it swings, with too much it
// is flat.
let x = real(positions(10)) / 9
let t = sin(2 * pi * x) + 0.1 * normal[10]
let fresh = real(positions(50)) / 49

// The powers of each number, from 0 to 9.
fn powers(x: real[N]) -> real[N, 10] { x[.., new]^real(positions(10))[new] }

for lambda in [1e-9, 1e-4, 1.0] {
    // The weights that make the gradient of the penalized error nothing.
    let A = powers(x)
    let w = solve(A.T @ A + lambda * identity(10), A.T @ t)
    let seen = sqrt(mean((A @ w - t)^2))
    let unseen = sqrt(mean((powers(fresh) @ w - sin(2 * pi * fresh))^2))
    print "lambda {lambda}: on the points {seen:2}, between them {unseen:2}, weights {norm(w):1}"
}
