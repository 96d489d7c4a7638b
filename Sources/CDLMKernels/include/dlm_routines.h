#pragma once

// Arguments of routines on whole arrays. Included by dlm_kernels.h. All arrays are dense.

typedef enum dlm_line_kind : unsigned {
  dlm_line_cumulate,
  dlm_line_running,
  dlm_line_order,
  dlm_line_take,
  dlm_line_put,
} dlm_line_kind;

/// x `[outer, length, inner]`, index and the result `[outer, count, inner]`; for put the result has
/// `length` and x has `count`. Units are lines.
typedef struct dlm_line {
  dlm_line_kind kind;
  dlm_view x, index, y;
  int64_t outer, length, count, inner;
  /// The reduction; whether the largest comes first or counts.
  int32_t option;
} dlm_line;

/// Elements of `size` bytes, in column j of row i where j <= i + diagonal; zeros elsewhere. Units are the
/// rows of all matrices `[m, n]`.
typedef struct dlm_triangle {
  dlm_view x, y;
  int64_t m, n, diagonal, size;
} dlm_triangle;

typedef enum dlm_matrix_kind : unsigned {
  dlm_matrix_cholesky,
  dlm_matrix_solve,
  dlm_matrix_inverse,
  dlm_matrix_determinant,
  dlm_matrix_log_determinant,
  dlm_matrix_cofactors,
  dlm_matrix_orthogonal,
  dlm_matrix_triangular,
  dlm_matrix_eigenvalues,
  dlm_matrix_eigenvectors,
} dlm_matrix_kind;

/// a `[batch, m, n]`, b `[batch, n, k]`, in double precision in the thread's scratch. Units are
/// matrices.
typedef struct dlm_matrix {
  dlm_matrix_kind kind;
  dlm_view a, b, y;
  int64_t m, n, k;
  int32_t instruction;
} dlm_matrix;

/// Doubles of scratch that a matrix routine takes.
int64_t dlm_matrix_scratch(const dlm_matrix *matrix);

/// Lines of `n` numbers and of `n / 2 + 1` pairs. Units are lines.
typedef struct dlm_fourier {
  dlm_view x, y;
  int64_t n;
  int32_t adjoint;
} dlm_fourier;

void dlm_line_run(const void *, dlm_run *, int64_t, int64_t, char *);
void dlm_triangle_run(const void *, dlm_run *, int64_t, int64_t, char *);
void dlm_matrix_run(const void *, dlm_run *, int64_t, int64_t, char *);
/// Scratch is `8 n` doubles.
void dlm_fourier_run(const void *, dlm_run *, int64_t, int64_t, char *);
