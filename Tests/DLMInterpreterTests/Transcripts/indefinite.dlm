// A matrix without a Cholesky factor.
print cholesky([[1.0, 2.0], [2.0, 1.0]])

//! error[R001]: `cholesky`: matrix 0 is not positive definite
//!   ┌─ indefinite.dlm:2:1
//! 2 │ print cholesky([[1.0, 2.0], [2.0, 1.0]])
//!   │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   help: all its eigenvalues must be above 0; add a little to its diagonal
