// A gradient beside a difference quotient.
fn f(x: real[N]) -> real { sum(sin(x) * x^2) }
let x = [0.3, -0.7, 1.1]
let g = grad(f(x), wrt: x)
let e = 1e-3
let step0 = [e, 0.0, 0.0]
let slope = (f(x + step0) - f(x - step0)) / (2 * e)
expect abs(slope - g[0]) < 0.01
