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
  static const uint8_t sizes[] = {4, 8, 4, 8, 1, 1, 2, 2};
  return sizes[type];
}


static inline float dlm_from_bits(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint32_t dlm_to_bits(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

// Five bits of exponent and ten of mantissa. Moved to the place of a float's and multiplied by 2^112,
// a number has the exponent that it stands for, subnormal ones too.
static inline float dlm_from_f16(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = (uint32_t)(half & 0x7fff) << 13;
  float size = dlm_from_bits(rest) * 0x1p112f;
  if (rest >= 0x0f800000) size = dlm_from_bits(rest | 0x7f800000);
  return dlm_from_bits(dlm_to_bits(size) | sign);
}

// To the nearest, the even one of two; too large becomes infinite, a NaN stays one.
static inline uint16_t dlm_to_f16(float x) {
  uint32_t bits = dlm_to_bits(x), sign = (bits >> 16) & 0x8000, size = bits & 0x7fffffff;
  if (size > 0x7f800000) return (uint16_t)(sign | 0x7e00);
  if (size >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
  // Below 2^-14 the mantissa ends at 2^-24 whatever the exponent: adding 1/2 puts it there.
  if (size < 0x38800000)
    return (uint16_t)(sign | (dlm_to_bits(dlm_from_bits(size) + 0.5f) - 0x3f000000));
  uint32_t rounded = size + 0xfff + ((size >> 13) & 1);
  return (uint16_t)(sign | ((rounded - 0x38000000) >> 13));
}

// The upper half of a float.
static inline float dlm_from_bf16(uint16_t half) { return dlm_from_bits((uint32_t)half << 16); }

static inline uint16_t dlm_to_bf16(float x) {
  uint32_t bits = dlm_to_bits(x);
  if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)((bits >> 16) | 0x40);
  return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
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
    case dlm_f16: return dlm_from_f16(((const uint16_t *)p)[i]);
    case dlm_bf16: return dlm_from_bf16(((const uint16_t *)p)[i]);
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
    case dlm_f16: ((uint16_t *)p)[i] = dlm_to_f16((float)x); break;
    case dlm_bf16: ((uint16_t *)p)[i] = dlm_to_bf16((float)x); break;
  }
}
