// Formulas with `abs` and `maximum` in them have their true slopes where those have none.
let z = [0.0]
let cost = sum(softplus(z))
print grad(cost, wrt: z), hessian(cost, wrt: z)
let w = [0.0, 0.0]
let loss = bce_logits([[1.0, 2.0]] @ w, [1.0])
print grad(loss, wrt: w)
// Whole numbers from reals, and a rate that is called as it is in every lecture.
let lambda = 0.5
print int([1.7, -1.7, 0.2]), one_hot(index(int([2.9]), 4)), lambda

//> [0.5] [[0.25]]
//> [-0.5, -1]
//> [1, -1, 0] [[0, 0, 1, 0]] 0.5
