// A matrix without an inverse.
let a = [[1.0, 2.0], [2.0, 4.0]]
print solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 4.0])
print solve(a, [1.0, 2.0])

//> [1, 1]
//! error[R001]: `solve`: matrix 0 is singular, it has no inverse
//!   ┌─ singular.dlm:4:1
//! 4 │ print solve(a, [1.0, 2.0])
//!   │ ^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   help: two of its rows or columns say the same; add a little to its diagonal
