// What is not a number, and what has no elements.
let nan = 0.0 / 0.0
let x = [1.0, nan, 3.0]
print max(x), argmax(x), sort(x), cummax(x), sum(x)
print softmax(x), relu(x)
print solve([[nan, 1.0], [1.0, 2.0]], [1.0, 1.0])
let empty = zeros[0, 3]
print sum(empty), mean(empty), max(empty), product(empty)
print sum(empty, over: 0), softmax(empty), empty @ ones[3, 2]
print sort(empty), cumsum(empty), logsumexp(empty, over: 0)
print grad(sum(empty^2), wrt: empty), Linear(2)(empty)
print cross_entropy(empty, argmax(empty, over: 1))

//> nan 1 [1, 3, nan] [1, nan, nan] nan
//> [nan, nan, nan] [1, nan, 3]
//> [nan, nan]
//> 0 nan -inf 1
//> [0, 0, 0] [] []
//> [] [] [-inf, -inf, -inf]
//> [] []
//> nan
