// Order, running sums, places.
let x = [[3.0, 1.0, 2.0], [0.5, 7.0, -1.0]]
print cumsum(x, over: -1)
print cumprod(x, over: 0)
print cummax(x), cummin(x)
print sort(x), argsort(x, over: 1, descending: true)
let (v, i) = top(2, x)
print v, i
print top(2, [0.1, 0.7, 0.2])
print logsumexp(x, over: 1)
print variance(x, over: 1, unbiased: true), deviation(x, over: 0)
print norm(x, over: 1), norm(x, over: 1, p: 1), norm(x, over: 1, p: inf)
print roll(x, 1, over: 1), roll(x, -1, over: 0)
print pad(x, 1, over: 1), pad(x, low: 1, over: 0, value: 9), pad(x, 2, over: 1, mode: "reflect"), pad(x, 2, over: 1, mode: "edge")
print part(x, 1..<3, over: 1)
let (a, b) = split(x, [1, 2], over: 1)
print a, b
print one_hot(index([1, 2], 3))
print count(x), count(x, over: 0)
print sum(permutation(6))
print resize([[[[1.0, 2.0], [3.0, 4.0]]]], [4, 4]), resize([[[[1.0, 2.0], [3.0, 4.0]]]], [4, 4], mode: "bilinear")
print adaptive_mean_pool([[[1.0, 2.0, 3.0, 4.0, 5.0]]], [3]), adaptive_max_pool([[[1.0, 2.0, 3.0, 4.0, 5.0]]], [2])
print unfold([[[1.0, 2.0, 3.0, 4.0]]], k: 2)
print resize([[[1.0, 3.0]]], [4], "bilinear"), resize([[[1.0, 3.0]]], lengths: 1), adaptive_mean_pool([[[1.0, 3.0]]], lengths: 1)
print categorical([[0.0, 100.0]]), bernoulli([0.0, 1.0])

//> [[3, 4, 6],
//>  [0.5, 7.5, 6.5]]
//> [[3, 1, 2],
//>  [1.5, 7, -2]]
//> [[3, 3, 3],
//>  [0.5, 7, 7]] [[3, 1, 1],
//>  [0.5, 0.5, -1]]
//> [[1, 2, 3],
//>  [-1, 0.5, 7]] [[0, 2, 1],
//>  [1, 0, 2]]
//> [[3, 2],
//>  [7, 0.5]] [[0, 2],
//>  [1, 0]]
//> ([0.7, 0.2], [1, 2])
//> [3.40761, 7.00184]
//> [1, 18.0833] [1.25, 3, 1.5]
//> [3.74166, 7.08872] [6, 8.5] [3, 7]
//> [[2, 3, 1],
//>  [-1, 0.5, 7]] [[0.5, 7, -1],
//>  [3, 1, 2]]
//> [[0, 3, 1, 2, 0],
//>  [0, 0.5, 7, -1, 0]] [[9, 9, 9],
//>  [3, 1, 2],
//>  [0.5, 7, -1]] [[2, 1, 3, 1, 2, 1, 3],
//>  [-1, 7, 0.5, 7, -1, 7, 0.5]] [[3, 3, 3, 1, 2, 2, 2],
//>  [0.5, 0.5, 0.5, 7, -1, -1, -1]]
//> [[1, 2],
//>  [7, -1]]
//> [[3],
//>  [0.5]] [[1, 2],
//>  [7, -1]]
//> [[0, 1, 0],
//>  [0, 0, 1]]
//> 6 2
//> 15
//> [[[[1, 1, 2, 2],
//>    [1, 1, 2, 2],
//>    [3, 3, 4, 4],
//>    [3, 3, 4, 4]]]] [[[[1, 1.25, 1.75, 2],
//>    [1.5, 1.75, 2.25, 2.5],
//>    [2.5, 2.75, 3.25, 3.5],
//>    [3, 3.25, 3.75, 4]]]]
//> [[[1.5, 3, 4.5]]] [[[3, 5]]]
//> [[[[1, 2],
//>    [2, 3],
//>    [3, 4]]]]
//> [[[1, 1.5, 2.5, 3]]] [[[1]]] [[[2]]]
//> [1] [0, 1]
