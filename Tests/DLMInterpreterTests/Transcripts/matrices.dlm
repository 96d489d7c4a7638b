// Matrices, Fourier transforms, special functions.
print identity(2), trace([[1.0, 2.0], [3.0, 4.0]]), upper([[1.0, 2.0], [3.0, 4.0]]), lower([[1.0, 2.0], [3.0, 4.0]], diagonal: -1)
print solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0])
print inverse([[2.0, 1.0], [0.0, 4.0]]), determinant([[2.0, 1.0], [0.0, 4.0]]), cholesky([[4.0, 2.0], [2.0, 3.0]])
let (q, r) = qr([[3.0, 1.0], [4.0, 2.0]])
print q, r, q @ r
let (val, vec) = eigen([[2.0, 1.0], [1.0, 2.0]])
print val, vec
print fourier([1.0, 2.0, 3.0]), fourier_inverse(fourier([1.0, 2.0, 3.0]), 3), fourier_inverse(fourier([1.0, 2.0, 3.0, 5.0]), 4)
print spectrogram(ones[1, 8], 4, 2)
print digamma([1.0, 2.0]), lgamma([1.0, 5.0]), expm1([1e-6]), log1p([1e-6]), atan([1.0]), asin([1.0]), erf_inverse([0.5])
let m = normal[3, 3]
let s = m @ m.T + identity(3)
print sum(abs(cholesky(s) @ cholesky(s).T - s)) < 1e-4, sum(abs(inverse(s) @ s - identity(3))) < 1e-4
let a = [[4.0, 1.0], [1.0, 3.0]]
print grad(determinant(a), wrt: a), grad(log_determinant(a), wrt: a)
print grad(sum(eigenvalues(a) * [1.0, 0.0]), wrt: a)
// At singular matrices: of ranks 2, 1 and 0, and of 4 x 4 beside a determinant without row 2, column 1.
let flat = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
print grad(determinant(flat), wrt: flat), cofactors(stack([outer([1.0, 2.0], [3.0, 4.0]), zeros[2, 2]], over: 0)), cofactors([[0.0]])
let wide = [[0.0, 2.0, 1.0, 3.0], [1.0, 0.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 0.0, 1.0]]
let rest = [[0.0, 1.0, 3.0], [1.0, 2.0, 1.0], [2.0, 0.0, 1.0]]
print determinant(wide), grad(determinant(wide), wrt: wide)[2, 1], -determinant(rest)
print hessian(determinant(a), wrt: a)[0, 0], grad(sum(cofactors(a) * [[1.0, 2.0], [3.0, 4.0]]), wrt: a)

//> [[1, 0],
//>  [0, 1]] 5 [[1, 2],
//>  [0, 4]] [[0, 0],
//>  [3, 0]]
//> [0.5, 0.25]
//> [[0.5, -0.125],
//>  [0, 0.25]] 8 [[2, 0],
//>  [1, 1.41421]]
//> [[0.6, -0.8],
//>  [0.8, 0.6]] [[5, 2.2],
//>  [0, 0.4]] [[3, 1],
//>  [4, 2]]
//> [1, 3] [[0.70711, 0.70711],
//>  [-0.70711, 0.70711]]
//> [[6, 0],
//>  [-1.5, 0.86603]] [1, 2, 3] [1, 2, 3, 5]
//> [[[4, 1, 1.49976e-32],
//>   [4, 1, 1.49976e-32],
//>   [4, 1, 1.49976e-32]]]
//> [-0.57722, 0.42278] [0, 3.17805] [1e-6] [10e-7] [0.7854] [1.5708] [0.47694]
//> true true
//> [[3, -1],
//>  [-1, 4]] [[0.27273, -0.09091],
//>  [-0.09091, 0.36364]]
//> [[0.27639, -0.44721],
//>  [-0.44721, 0.72361]]
//> [[-3, 6, -3],
//>  [6, -12, 6],
//>  [-3, 6, -3]] [[[8, -6],
//>   [-4, 3]],
//>  [[0, 0],
//>   [0, 0]]] [[1]]
//> 0 11 11
//> [[0, 0],
//>  [0, 1]] [[4, -3],
//>  [-2, 1]]
