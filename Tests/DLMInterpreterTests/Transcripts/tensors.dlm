// Tensors: made, cut, combined, reduced.
let x = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
print x.T
print x[1], x[.., 0], x[0, 2]
print sum(x), mean(x, over: 0), max(x, over: 1)
print x @ x.T
print x + 10, x * [1.0, 0.0, -1.0]
print reshape(x, [6])
print zeros[2, 2], ones like x
print x > 2.5
print argmax(x, over: 1)
print softmax(x, over: 1)
print exp(log_softmax([1.0, 2.0, 3.0]))
print uniform[3] < 1

//> [[1, 4],
//>  [2, 5],
//>  [3, 6]]
//> [4, 5, 6] [1, 4] 3
//> 21 [2.5, 3.5, 4.5] [3, 6]
//> [[14, 32],
//>  [32, 77]]
//> [[11, 12, 13],
//>  [14, 15, 16]] [[1, 0, -3],
//>  [4, 0, -6]]
//> [1, 2, 3, 4, 5, 6]
//> [[0, 0],
//>  [0, 0]] [[1, 1, 1],
//>  [1, 1, 1]]
//> [[false, false, true],
//>  [true, true, true]]
//> [2, 2]
//> [[0.09003, 0.24473, 0.66524],
//>  [0.09003, 0.24473, 0.66524]]
//> [0.09003, 0.24473, 0.66524]
//> [true, true, true]
