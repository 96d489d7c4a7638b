// Lists that are bound are joined and indexed like tensors.
let a = [1.0, 2.0], b = [3.0]
print concatenate([a, b], over: 0), concatenate([a, a], over: 0), a[new], a[new, ..]
var w = 2.0
print grad(sum(concatenate([[w, 1.0], [w * w]], over: 0)), wrt: w)
// Stacks of matrices: a written 1 goes with any number of them.
let q = reshape(real(positions(12)), [1, 2, 3, 2]), k = reshape(real(positions(6)), [1, 1, 2, 3])
let both = concatenate([k, k], over: 1)
print max(abs(q @ k - q @ both)), grad(sum((q @ k)[0, 1]), wrt: k)[0, 0]
//> [1, 2, 3] [1, 2, 1, 2] [[1, 2]] [[1, 2]]
//> 5
//> 0 [[24, 24, 24],
//>  [27, 27, 27]]
