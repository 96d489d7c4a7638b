#pragma once

// Elements of any type as numbers of a program's domain and back.

#include <stdint.h>

#include "dlm_kernels.h"

// Truncates towards zero and clamps to the target's range; a NaN becomes 0.
#define CLAMP(type, low, high, x) \
  ((x) != (x) ? 0 : (x) <= (low) ? (type)(low) : (x) >= (high) ? (type)(high) : (type)(x))

static inline int32_t dlm_to_i32(double x) { return CLAMP(int32_t, -2147483648.0, 2147483647.0, x); }
static inline int64_t dlm_to_i64(double x) {
  return x != x ? 0 : x <= -0x1p63 ? INT64_MIN : x >= 0x1p63 ? INT64_MAX : (int64_t)x;
}
static inline uint8_t dlm_to_u8(double x) { return CLAMP(uint8_t, 0.0, 255.0, x); }

static inline int dlm_type_size(unsigned type) {
  static const uint8_t sizes[] = {4, 8, 4, 8, 1, 1};
  return sizes[type];
}


static inline char *dlm_at(const dlm_run *run, const dlm_view *view) {
  return run->bases[view->base] + view->offset;
}

/// Element `i` of an array of `type`.
static inline double dlm_load(const char *p, dlm_type type, int64_t i) {
  switch (type) {
    case dlm_f32: return ((const float *)p)[i];
    case dlm_f64: return ((const double *)p)[i];
    case dlm_i32: return ((const int32_t *)p)[i];
    case dlm_i64: return (double)((const int64_t *)p)[i];
    case dlm_u8:
    case dlm_bool: return ((const uint8_t *)p)[i];
  }
  return 0;
}

static inline void dlm_store(char *p, dlm_type type, int64_t i, double x) {
  switch (type) {
    case dlm_f32: ((float *)p)[i] = (float)x; break;
    case dlm_f64: ((double *)p)[i] = x; break;
    case dlm_i32: ((int32_t *)p)[i] = dlm_to_i32(x); break;
    case dlm_i64: ((int64_t *)p)[i] = dlm_to_i64(x); break;
    case dlm_u8: ((uint8_t *)p)[i] = dlm_to_u8(x); break;
    case dlm_bool: ((uint8_t *)p)[i] = x != 0; break;
  }
}
