// Derivatives of more than a number, Newton's step, functions that keep nothing.
let w = [1.0, 2.0]
fn cost(w: real[n]) -> real { sum(w^2 * [1.0, 3.0]) + w[0] * w[1] }
print jacobian(w^2, wrt: w)
let H = hessian(cost(w), wrt: w)
print H
print w - solve(H, grad(cost(w), wrt: w))
print 1 / max(eigenvalues(H))
print vjp(w^2, [1.0, 10.0], wrt: w), jvp(w^2 * w[0], [1.0, 0.0], wrt: w)
let f = checkpointed(fn (x) { sin(x) * x })
print grad(sum(f(w)), wrt: w), grad(sum(sin(w) * w), wrt: w)
print hessian(sum(f(w)), wrt: w)
let c = checkpointed(Linear(3))
print sum(c(ones[2, 2]) - c(ones[2, 2]))
let t = [0.5, -1.0]
print grad(sum(t |> checkpointed(fn (x) { tanh(x) }) |> checkpointed(exp_of)), wrt: t)
print grad(sum(exp(tanh(t))), wrt: t)
fn exp_of(x: real[...S]) -> real[...S] { exp(x) }

//> [[2, 0],
//>  [0, 4]]
//> [[2, 1],
//>  [1, 6]]
//> [0, 0]
//> 0.16036
//> [2, 40] [3, 4]
//> [1.38177, 0.077] [1.38177, 0.077]
//> [[0.23913, 0],
//>  [0, -2.65089]]
//> 0
//> [1.24843, 0.1961]
//> [1.24843, 0.1961]
