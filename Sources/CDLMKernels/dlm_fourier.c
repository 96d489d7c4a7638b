// Fourier transforms of lines of any length: for each prime factor of the length, a step that joins
// as many shorter transforms.

#include <math.h>

#include "convert.h"
#include "dlm_kernels.h"

typedef struct {
  double re, im;
} complex_;

static int64_t smallest_factor(int64_t n) {
  for (int64_t p = 2; p * p <= n; p++)
    if (n % p == 0) return p;
  return n;
}

// to[k] = sum over t of from[t * step] * w^(t k whole / n), where w = turns[1]. Asks whether to give up
// where a large prime factor makes it long.
static void transform(
    const complex_ *from, int64_t step, complex_ *to, int64_t n, const complex_ *turns,
    int64_t whole, complex_ *parts, dlm_run *run) {
  if (n == 1) {
    to[0] = from[0];
    return;
  }
  int64_t p = smallest_factor(n), m = n / p, turn = whole / n;
  for (int64_t r = 0; r < p; r++)
    transform(from + r * step, step * p, to + r * m, m, turns, whole, parts, run);
  for (int64_t k = 0; k < m; k++) {
    for (int64_t r = 0; r < p; r++) {
      complex_ x = to[r * m + k], w = turns[r * k * turn];
      parts[r] = (complex_){x.re * w.re - x.im * w.im, x.re * w.im + x.im * w.re};
    }
    for (int64_t q = 0; q < p; q++) {
      if (p >= 1000 && dlm_is_cancelled(run)) return;
      complex_ sum = {0, 0};
      for (int64_t r = 0; r < p; r++) {
        complex_ x = parts[r], w = turns[(r * q % p) * m * turn];
        sum.re += x.re * w.re - x.im * w.im;
        sum.im += x.re * w.im + x.im * w.re;
      }
      to[q * m + k] = sum;
    }
  }
}

void dlm_fourier_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  const dlm_fourier *a = arguments;
  const char *x = dlm_at(run, &a->x);
  char *y = dlm_at(run, &a->y);
  int64_t n = a->n, half = n / 2 + 1;
  complex_ *turns = (complex_ *)scratch, *from = turns + n;
  complex_ *to = from + n;
  for (int64_t i = 0; i < n; i++) {
    double angle = 2 * M_PI * (double)i / (double)n;
    turns[i] = (complex_){cos(angle), a->adjoint ? sin(angle) : -sin(angle)};
  }
  for (int64_t unit = begin; unit < end; unit++) {
    for (int64_t i = 0; i < n; i++) {
      from[i] = (complex_){0, 0};
      if (!a->adjoint) {
        from[i].re = dlm_load(x, a->x.type, unit * n + i);
      } else if (i < half) {
        from[i].re = dlm_load(x, a->x.type, (unit * half + i) * 2);
        from[i].im = dlm_load(x, a->x.type, (unit * half + i) * 2 + 1);
      }
    }
    transform(from, 1, to, n, turns, n, to + n, run);
    for (int64_t i = 0; i < (a->adjoint ? n : half); i++) {
      if (a->adjoint) {
        dlm_store(y, a->y.type, unit * n + i, to[i].re);
      } else {
        dlm_store(y, a->y.type, (unit * half + i) * 2, to[i].re);
        dlm_store(y, a->y.type, (unit * half + i) * 2 + 1, to[i].im);
      }
    }
  }
}
