// Products and convolutions in double precision: plain loops, for work that is checked rather than fast.

#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

void dlm_product64_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_product64 *p = arguments;
  const double *a0 = (const double *)dlm_at(run, &p->a), *b0 = (const double *)dlm_at(run, &p->b);
  double *c0 = (double *)dlm_at(run, &p->c);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t row = unit % p->m, rest = unit / p->m;
    const double *a = a0 + row * p->am, *b = b0;
    double *c = c0 + row * p->cm;
    for (int axis = p->rank - 1; axis >= 0; axis--) {
      int64_t index = rest % p->dims[axis];
      rest /= p->dims[axis];
      a += index * p->a.strides[axis];
      b += index * p->b.strides[axis];
      c += index * p->c.strides[axis];
    }
    for (int64_t j = 0; j < p->n; j++) c[j * p->cn] = 0;
    for (int64_t k = 0; k < p->k; k++) {
      double factor = a[k * p->ak];
      for (int64_t j = 0; j < p->n; j++) c[j * p->cn] += factor * b[k * p->bk + j * p->bn];
    }
  }
}

// All products of sample n and output o: places in x, weights and y.
static void each(
    const dlm_convolve64 *c, int64_t n, int64_t o, double *x, double *w, double *y) {
  int64_t group = o / (c->outputs / c->groups);
  int64_t in = c->in[0] * c->in[1] * c->in[2], out = c->out[0] * c->out[1] * c->out[2];
  int64_t window = c->kernel[0] * c->kernel[1] * c->kernel[2], t[3], k[3], s[3];
  double *image = x + (n * c->groups + group) * c->inputs * in;
  double *weight = w + o * c->inputs * window;
  double *result = y + (n * c->outputs + o) * out;
  for (int64_t place = 0; place < out; place++) {
    t[2] = place % c->out[2];
    t[1] = place / c->out[2] % c->out[1];
    t[0] = place / c->out[2] / c->out[1];
    double sum = 0, dy = c->kind == dlm_convolution_forward ? 0 : result[place];
    for (int64_t tap = 0; tap < window; tap++) {
      k[2] = tap % c->kernel[2];
      k[1] = tap / c->kernel[2] % c->kernel[1];
      k[0] = tap / c->kernel[2] / c->kernel[1];
      int inside = 1;
      for (int axis = 0; axis < 3; axis++) {
        s[axis] = t[axis] * c->stride[axis] + k[axis] * c->dilation[axis] - c->low[axis];
        inside = inside && s[axis] >= 0 && s[axis] < c->in[axis];
      }
      if (!inside) continue;
      int64_t source = (s[0] * c->in[1] + s[1]) * c->in[2] + s[2];
      for (int64_t i = 0; i < c->inputs; i++) {
        double *xi = image + i * in + source, *wi = weight + i * window + tap;
        if (c->kind == dlm_convolution_forward)
          sum += *xi * *wi;
        else if (c->kind == dlm_convolution_input)
          *xi += *wi * dy;
        else
          *wi += *xi * dy;
      }
    }
    if (c->kind == dlm_convolution_forward) result[place] = sum;
  }
}

void dlm_convolve64_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_convolve64 *c = arguments;
  double *x = (double *)dlm_at(run, &c->x), *w = (double *)dlm_at(run, &c->weights);
  double *y = (double *)dlm_at(run, &c->y);
  int64_t image = c->groups * c->inputs * c->in[0] * c->in[1] * c->in[2];
  int64_t window = c->inputs * c->kernel[0] * c->kernel[1] * c->kernel[2];
  for (int64_t unit = begin; unit < end; unit++) switch (c->kind) {
      case dlm_convolution_forward: each(c, unit / c->outputs, unit % c->outputs, x, w, y); break;
      case dlm_convolution_input:
        memset(x + unit * image, 0, (size_t)image * sizeof(double));
        for (int64_t o = 0; o < c->outputs; o++) each(c, unit, o, x, w, y);
        break;
      case dlm_convolution_weight:
        memset(w + unit * window, 0, (size_t)window * sizeof(double));
        for (int64_t n = 0; n < c->samples; n++) each(c, n, unit, x, w, y);
        break;
    }
}
