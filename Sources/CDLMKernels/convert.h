#pragma once

// Elements of any type as numbers of a program's domain and back.

#include <stdint.h>

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

