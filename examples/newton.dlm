// Logistic regression by Newton's method: the Hessian says how far to go, so six steps are enough.
let x = [[1.0, 0.5], [1.0, 1.5], [1.0, 2.0], [1.0, 3.0], [1.0, 3.5], [1.0, 1.8]]
let t = [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]

var w = zeros[2]
for step in 1..6 {
    let z = x @ w
    let cost = mean(softplus(z) - t * z) + 0.01 * sum(w^2)
    let g = grad(cost, wrt: w)
    let H = hessian(cost, wrt: w)
    print "step {step}: cost {cost:4}, gradient {norm(g):5}"
    w = w - solve(H, g)
}
print "a pass becomes likely after {-w[0] / w[1]:2} hours"
