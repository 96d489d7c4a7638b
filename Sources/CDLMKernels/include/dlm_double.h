#pragma once

// Arguments of products and convolutions in double precision. Included by dlm_kernels.h.

/// `c[.., m, n] = sum over k of a[.., m, k] b[.., k, n]`, any strides; those of the views are along the
/// batch axes. Units are rows of all batches.
typedef struct dlm_product64 {
  dlm_view a, b, c;
  int32_t rank;
  int64_t dims[DLM_RANK];
  int64_t m, n, k, am, ak, bk, bn, cm, cn;
} dlm_product64;

/// Which of the three arrays of a convolution is the result: y, x or the weights.
typedef enum dlm_convolution : unsigned {
  dlm_convolution_forward,
  dlm_convolution_input,
  dlm_convolution_weight,
} dlm_convolution;

/// Row-major images x `[n, channels, ...in]` and y `[n, outputs, ...out]`, weights
/// `[outputs, inputs, ...kernel]`; one of the three is the result. Units are samples and outputs going
/// forward, samples for x, outputs for the weights.
typedef struct dlm_convolve64 {
  dlm_convolution kind;
  dlm_view x, weights, y;
  int64_t samples, groups, inputs, outputs, in[3], out[3], kernel[3];
  int64_t stride[3], low[3], dilation[3];
} dlm_convolve64;

void dlm_product64_run(const void *, dlm_run *, int64_t, int64_t, char *);
void dlm_convolve64_run(const void *, dlm_run *, int64_t, int64_t, char *);
