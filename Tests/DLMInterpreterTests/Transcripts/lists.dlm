// A list of computed numbers is a tensor through which gradients go.
let x = 0.5
let v = [x, x^2]
print v, grad(sum(v), wrt: x), grad(sum(v^2), wrt: v)
fn both(a: real) { sum([a, 2 * a] * [1.0, 3.0]) }
print grad(both(x), wrt: x)
let rows = [v, [x, 1.0]]
print rows, grad(sum(rows @ [1.0, 10.0]), wrt: x)
let drawn = sum(ones[3])
print log2([drawn, drawn + 1])

//> [0.5, 0.25] 2 [1, 0.5]
//> 7
//> [[0.5, 0.25], [0.5, 1]] 12
//> [1.58496, 2]
