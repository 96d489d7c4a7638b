// Layers called in plain code; their first values are those of the seed.
layer Twice(x: real[B, N]) -> real[B, N] { 2 * x }
let twice = Twice()
print twice([[1.0, 2.0]])

layer Counted(n: int)(x: real[B, I]) -> real[B, n] {
    param w: real[n, I] = 1
    x @ w.T
}
let counted = Counted(2)
let y = counted([[1.0, 2.0], [3.0, 4.0]])
print y
let x = [[1.0, 2.0], [3.0, 4.0]]
print grad(sum(counted(x)^2), wrt: x)
print sum(Dropout(0.5)(ones[4, 4]))

//> [[2, 4]]
//> [[3, 3],
//>  [7, 7]]
//> [[12, 12],
//>  [28, 28]]
//> 16
