// Linear algebra on small dense matrices, in double precision whatever the elements are.

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

#define AT(a, i, j) (a)[(i) * n + (j)]

static int64_t largest_of(int64_t x, int64_t y) { return x > y ? x : y; }

int64_t dlm_matrix_scratch(const dlm_matrix *a) {
  return 3 * a->m * a->n + a->n * largest_of(a->n, a->k) + 4 * (a->m + a->n) + 8;
}

// What rounding leaves of the largest element counts as nothing.
static double nothing(const double *a, int64_t n, int64_t count) {
  double largest = 0;
  for (int64_t i = 0; i < count; i++) largest = fabs(a[i]) > largest ? fabs(a[i]) : largest;
  return (double)n * 0x1p-52 * largest;
}

static int has_nan(const double *a, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    if (a[i] != a[i]) return 1;
  return 0;
}

// Factors a in place, rows exchanged as `rows` says. The sign of the exchanges, or 0 if a is singular or
// the run is cancelled.
static int factor(double *a, int64_t n, int64_t *rows, dlm_run *run) {
  double limit = nothing(a, n, n * n);
  int sign = 1, singular = 0;
  for (int64_t c = 0; c < n; c++) {
    if (dlm_is_cancelled(run)) return 0;
    int64_t pivot = c;
    for (int64_t i = c + 1; i < n; i++)
      if (fabs(AT(a, i, c)) > fabs(AT(a, pivot, c))) pivot = i;
    rows[c] = pivot;
    if (pivot != c) {
      sign = -sign;
      for (int64_t j = 0; j < n; j++) {
        double t = AT(a, c, j);
        AT(a, c, j) = AT(a, pivot, j);
        AT(a, pivot, j) = t;
      }
    }
    if (!(fabs(AT(a, c, c)) > limit)) singular = 1;
    if (AT(a, c, c) == 0) continue;
    for (int64_t i = c + 1; i < n; i++) {
      double f = AT(a, i, c) /= AT(a, c, c);
      if (f != 0)
        for (int64_t j = c + 1; j < n; j++) AT(a, i, j) -= f * AT(a, c, j);
    }
  }
  return singular ? 0 : sign;
}

// b `[n, k]` becomes the solution of a x = b, where a is factored.
static void substitute(
    const double *a, int64_t n, const int64_t *rows, double *b, int64_t k, dlm_run *run) {
  for (int64_t c = 0; c < n; c++)
    if (rows[c] != c)
      for (int64_t j = 0; j < k; j++) {
        double t = b[c * k + j];
        b[c * k + j] = b[rows[c] * k + j];
        b[rows[c] * k + j] = t;
      }
  for (int64_t i = 0; i < n; i++) {
    if (dlm_is_cancelled(run)) return;
    for (int64_t c = 0; c < i; c++)
      for (int64_t j = 0; j < k; j++) b[i * k + j] -= AT(a, i, c) * b[c * k + j];
  }
  for (int64_t i = n - 1; i >= 0; i--) {
    if (dlm_is_cancelled(run)) return;
    for (int64_t c = i + 1; c < n; c++)
      for (int64_t j = 0; j < k; j++) b[i * k + j] -= AT(a, i, c) * b[c * k + j];
    for (int64_t j = 0; j < k; j++) b[i * k + j] /= AT(a, i, i);
  }
}

static void symmetrize(double *a, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < i; j++) AT(a, i, j) = AT(a, j, i) = (AT(a, i, j) + AT(a, j, i)) / 2;
}

// Row by row, in place. Whether there is a factor.
static int cholesky(double *a, int64_t n, dlm_run *run) {
  double limit = nothing(a, n, n * n);
  for (int64_t i = 0; i < n; i++) {
    if (dlm_is_cancelled(run)) return 0;
    for (int64_t j = 0; j <= i; j++) {
      double rest = AT(a, i, j);
      for (int64_t k = 0; k < j; k++) rest -= AT(a, i, k) * AT(a, j, k);
      if (i > j)
        AT(a, i, j) = rest / AT(a, j, j);
      else if (rest <= limit)
        return 0;
      else
        AT(a, i, i) = sqrt(rest);
    }
    for (int64_t j = i + 1; j < n; j++) AT(a, i, j) = 0;
  }
  return 1;
}

// By Householder's reflections: a `[m, n]` becomes r, q `[m, n]` the columns that go with it.
static void reflect(double *a, double *q, int64_t m, int64_t n, double *scale, dlm_run *run) {
  for (int64_t c = 0; c < n; c++) {
    if (dlm_is_cancelled(run)) return;
    double length = 0;
    for (int64_t i = c; i < m; i++) length += AT(a, i, c) * AT(a, i, c);
    length = sqrt(length);
    double head = AT(a, c, c) > 0 ? -length : length;
    double first = AT(a, c, c) - head, square = first * first;
    for (int64_t i = c + 1; i < m; i++) square += AT(a, i, c) * AT(a, i, c);
    scale[c] = square > 0 ? 2 / square : 0;
    AT(a, c, c) = first;
    for (int64_t j = c + 1; j < n; j++) {
      double part = 0;
      for (int64_t i = c; i < m; i++) part += AT(a, i, c) * AT(a, i, j);
      part *= scale[c];
      for (int64_t i = c; i < m; i++) AT(a, i, j) -= part * AT(a, i, c);
    }
    scale[n + c] = head;
  }
  memset(q, 0, (size_t)(m * n) * sizeof(double));
  for (int64_t c = 0; c < n; c++) AT(q, c, c) = 1;
  for (int64_t c = n - 1; c >= 0; c--) {
    if (dlm_is_cancelled(run)) return;
    for (int64_t j = c; j < n; j++) {
      double part = 0;
      for (int64_t i = c; i < m; i++) part += AT(a, i, c) * AT(q, i, j);
      part *= scale[c];
      for (int64_t i = c; i < m; i++) AT(q, i, j) -= part * AT(a, i, c);
    }
  }
  // r without the reflections below its diagonal, which is made positive.
  for (int64_t c = 0; c < n; c++) {
    for (int64_t i = 0; i < c; i++) AT(a, c, i) = 0;
    AT(a, c, c) = scale[n + c];
    if (scale[n + c] >= 0) continue;
    for (int64_t j = c; j < n; j++) AT(a, c, j) = -AT(a, c, j);
    for (int64_t i = 0; i < m; i++) AT(q, i, c) = -AT(q, i, c);
  }
}

static void rotate(double *x, double *y, int64_t step, int64_t n, double c, double s) {
  for (int64_t i = 0; i < n; i++, x += step, y += step) {
    double t = *x;
    *x = c * t - s * *y;
    *y = s * t + c * *y;
  }
}

// By Jacobi's rotations: values on the diagonal of a, vectors in the rows of v.
static void diagonalize(double *a, double *v, int64_t n, dlm_run *run) {
  double limit = nothing(a, n, n * n) * 1e-3;
  memset(v, 0, (size_t)(n * n) * sizeof(double));
  for (int64_t i = 0; i < n; i++) AT(v, i, i) = 1;
  for (int sweep = 0; sweep < 60; sweep++) {
    double rest = 0;
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < i; j++) rest = fabs(AT(a, i, j)) > rest ? fabs(AT(a, i, j)) : rest;
    if (!(rest > limit)) return;
    for (int64_t p = 0; p < n; p++) {
      if (dlm_is_cancelled(run)) return;
      for (int64_t q = p + 1; q < n; q++) {
        if (AT(a, p, q) == 0) continue;
        double theta = (AT(a, q, q) - AT(a, p, p)) / (2 * AT(a, p, q));
        double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
        double c = 1 / sqrt(t * t + 1), s = t * c;
        rotate(a + p, a + q, n, n, c, s);
        rotate(a + p * n, a + q * n, 1, n, c, s);
        rotate(v + p * n, v + q * n, 1, n, c, s);
      }
    }
  }
}

static void fail(const dlm_matrix *m, dlm_run *run, int64_t unit, dlm_failure_kind kind) {
  run->failure = (dlm_failure){0, 0, unit, m->instruction, kind};
}

static void store(const dlm_matrix *m, dlm_run *run, int64_t unit, const double *y, int64_t count) {
  char *target = dlm_at(run, &m->y);
  for (int64_t i = 0; i < count; i++) dlm_store(target, m->y.type, unit * count + i, y[i]);
}

static void load(const dlm_view *view, const dlm_run *run, int64_t unit, double *to, int64_t count) {
  const char *source = dlm_at(run, view);
  for (int64_t i = 0; i < count; i++) to[i] = dlm_load(source, view->type, unit * count + i);
}

static void solve(const dlm_matrix *m, dlm_run *run, int64_t unit, double *a, double *b) {
  int64_t n = m->n, k = m->k, *rows = (int64_t *)(b + n * k);
  if (m->kind == dlm_matrix_solve) {
    load(&m->b, run, unit, b, n * k);
  } else {
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < n; j++) AT(b, i, j) = i == j;
  }
  if (has_nan(a, n * n)) {
    for (int64_t i = 0; i < n * k; i++) b[i] = NAN;
  } else if (factor(a, n, rows, run) == 0) {
    fail(m, run, unit, dlm_singular);
    return;
  } else {
    substitute(a, n, rows, b, k, run);
  }
  store(m, run, unit, b, n * k);
}

static void determinant(const dlm_matrix *m, dlm_run *run, int64_t unit, double *a, int64_t *rows) {
  int64_t n = m->n;
  int sign = 1;
  factor(a, n, rows, run);
  for (int64_t i = 0; i < n; i++)
    if (rows[i] != i) sign = -sign;
  double product = sign, sum = 0;
  for (int64_t i = 0; i < n; i++) {
    product *= AT(a, i, i);
    sum += log(fabs(AT(a, i, i)));
  }
  store(m, run, unit, m->kind == dlm_matrix_determinant ? &product : &sum, 1);
}

static void swap(double *x, double *y, int64_t step, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double t = x[i * step];
    x[i * step] = y[i * step];
    y[i * step] = t;
  }
}

// Cofactors of a singular matrix. With whole pivoting P a Q = L U, where the last row of U is 0, so that
// adj(U) adj(L) is one column x with U x = 0 times one row w with w L = (0 ... 0 1), times all pivots but
// the last; nothing is left where there are fewer.
static void singular_cofactors(
    double *a, int64_t n, int64_t *rows, double *x, double *w, double *y, dlm_run *run) {
  double limit = nothing(a, n, n * n), scale = 1;
  int64_t *columns = rows + n;
  for (int64_t i = 0; i < n; i++) rows[i] = columns[i] = i;
  for (int64_t c = 0; c < n - 1; c++) {
    if (dlm_is_cancelled(run)) return;
    int64_t p = c, q = c;
    for (int64_t i = c; i < n; i++)
      for (int64_t j = c; j < n; j++)
        if (fabs(AT(a, i, j)) > fabs(AT(a, p, q))) p = i, q = j;
    if (!(fabs(AT(a, p, q)) > limit)) {
      memset(y, 0, (size_t)(n * n) * sizeof(double));
      return;
    }
    swap(a + c * n, a + p * n, 1, n);
    swap(a + c, a + q, n, n);
    int64_t row = rows[c], column = columns[c];
    rows[c] = rows[p], rows[p] = row;
    columns[c] = columns[q], columns[q] = column;
    scale *= AT(a, c, c) * ((p != c) != (q != c) ? -1 : 1);
    for (int64_t i = c + 1; i < n; i++) {
      double f = AT(a, i, c) /= AT(a, c, c);
      for (int64_t j = c + 1; j < n; j++) AT(a, i, j) -= f * AT(a, c, j);
    }
  }
  for (int64_t i = n - 1; i >= 0; i--) {
    x[i] = w[i] = i == n - 1;
    for (int64_t j = i + 1; j < n; j++) x[i] -= AT(a, i, j) * x[j], w[i] -= AT(a, j, i) * w[j];
    if (i < n - 1) x[i] /= AT(a, i, i);
  }
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) AT(y, rows[i], columns[j]) = scale * w[i] * x[j];
}

// The determinant times the transposed inverse, where there is one.
static void cofactors(const dlm_matrix *m, dlm_run *run, int64_t unit, double *a, double *b, double *y) {
  int64_t n = m->n, *rows = (int64_t *)(y + n * n);
  memcpy(b, a, (size_t)(n * n) * sizeof(double));
  double product = factor(b, n, rows, run);
  if (has_nan(a, n * n)) {
    for (int64_t i = 0; i < n * n; i++) y[i] = NAN;
  } else if (product == 0) {
    singular_cofactors(a, n, rows, b, b + n, y, run);
  } else {
    for (int64_t i = 0; i < n; i++) product *= AT(b, i, i);
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < n; j++) AT(a, i, j) = i == j;
    substitute(b, n, rows, a, n, run);
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < n; j++) AT(y, i, j) = product * AT(a, j, i);
  }
  store(m, run, unit, y, n * n);
}

// In order of the values, each vector with its largest element positive.
static void eigen(const dlm_matrix *m, dlm_run *run, int64_t unit, double *a, double *v, double *y) {
  int64_t n = m->n, *order = (int64_t *)(y + n * n);
  symmetrize(a, n);
  diagonalize(a, v, n, run);
  for (int64_t i = 0; i < n; i++) {
    int64_t j = i;
    for (; j > 0 && AT(a, order[j - 1], order[j - 1]) > AT(a, i, i); j--) order[j] = order[j - 1];
    order[j] = i;
  }
  if (m->kind == dlm_matrix_eigenvalues) {
    for (int64_t i = 0; i < n; i++) y[i] = AT(a, order[i], order[i]);
    store(m, run, unit, y, n);
    return;
  }
  for (int64_t c = 0; c < n; c++) {
    const double *vector = v + order[c] * n;
    int64_t largest = 0;
    for (int64_t i = 1; i < n; i++)
      if (fabs(vector[i]) > fabs(vector[largest])) largest = i;
    double sign = vector[largest] < 0 ? -1 : 1;
    for (int64_t i = 0; i < n; i++) AT(y, i, c) = sign * vector[i];
  }
  store(m, run, unit, y, n * n);
}

void dlm_matrix_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  const dlm_matrix *m = arguments;
  int64_t count = m->m * m->n;
  double *a = (double *)scratch, *b = a + count, *c = b + count;
  for (int64_t unit = begin; unit < end; unit++) {
    load(&m->a, run, unit, a, count);
    switch (m->kind) {
      case dlm_matrix_solve:
      case dlm_matrix_inverse: solve(m, run, unit, a, b); break;
      case dlm_matrix_determinant:
      case dlm_matrix_log_determinant: determinant(m, run, unit, a, (int64_t *)b); break;
      case dlm_matrix_cofactors: cofactors(m, run, unit, a, b, c); break;
      case dlm_matrix_cholesky:
        symmetrize(a, m->n);
        if (cholesky(a, m->n, run))
          store(m, run, unit, a, count);
        else
          fail(m, run, unit, dlm_not_positive_definite);
        break;
      case dlm_matrix_orthogonal:
      case dlm_matrix_triangular:
        reflect(a, b, m->m, m->n, c, run);
        if (m->kind == dlm_matrix_orthogonal)
          store(m, run, unit, b, count);
        else
          store(m, run, unit, a, m->n * m->n);
        break;
      case dlm_matrix_eigenvalues:
      case dlm_matrix_eigenvectors: eigen(m, run, unit, a, b, c); break;
    }
  }
}
