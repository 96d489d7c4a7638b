// The functions of functions.def as data, and their values in double precision.

#include "dlm_functions.h"

#include <math.h>

// What the formulas of functions.def are written in, for one double.
#define R(x) ((double)(x))
#define dlm_abs fabs
#define dlm_exp exp
#define dlm_log log
#define dlm_sqrt sqrt
#define dlm_sin sin
#define dlm_cos cos
#define dlm_tanh tanh
#define dlm_sigmoid(a) (1.0 / (1.0 + exp(-(a))))
#define dlm_erf erf
#define dlm_erf_inverse dlm_special_erf_inverse
#define dlm_expm1 expm1
#define dlm_log1p log1p
#define dlm_lgamma dlm_special_lgamma
#define dlm_atan2 atan2
#define dlm_polygamma dlm_special_polygamma
#define dlm_floor floor
#define dlm_ceil ceil
#define dlm_round rint
#define dlm_pow pow
#define dlm_lt(a, b) ((a) < (b) ? 1.0 : 0.0)
#define dlm_le(a, b) ((a) <= (b) ? 1.0 : 0.0)
#define dlm_eq(a, b) ((a) == (b) ? 1.0 : 0.0)
#define dlm_ne(a, b) ((a) != (b) ? 1.0 : 0.0)
#define dlm_and(a, b) ((a) != 0.0 && (b) != 0.0 ? 1.0 : 0.0)
#define dlm_or(a, b) ((a) != 0.0 || (b) != 0.0 ? 1.0 : 0.0)
#define dlm_select(a, b, c) ((a) != 0.0 ? (b) : (c))

// 0 for zeros, NaN for a NaN.
static double dlm_sign(double a) { return a > 0 ? 1.0 : a < 0 ? -1.0 : a; }

// To the eight leading bits of the mantissa, ties to the even one; NaN and infinity stay.
static double dlm_round_bf16(double a) {
  if (!isfinite(a) || a == 0) return a;
  int exponent;
  double mantissa = frexp(a, &exponent);
  return ldexp(rint(ldexp(mantissa, 8)), exponent - 8);
}

// The remainder of flooring division: it has the sign of b.
static double dlm_mod(double a, double b) {
  double remainder = fmod(a, b);
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

// A NaN in either operand is the result.
static double dlm_min(double a, double b) { return a != a || a < b ? a : b; }
static double dlm_max(double a, double b) { return a != a || a > b ? a : b; }

int dlm_function_arity(dlm_function function) {
  switch (function) {
#define FUNCTION(name, arity, ...) \
  case dlm_function_##name:        \
    return arity;
#include "functions.def"
#undef FUNCTION
  }
  return 0;
}

const char *dlm_function_name(dlm_function function) {
  switch (function) {
#define FUNCTION(name, arity, ...) \
  case dlm_function_##name:        \
    return #name;
#include "functions.def"
#undef FUNCTION
  }
  return "";
}

const char *dlm_function_formula(dlm_function function) {
  switch (function) {
#define FUNCTION(name, arity, ...) \
  case dlm_function_##name:        \
    return #__VA_ARGS__;
#include "functions.def"
#undef FUNCTION
  }
  return "";
}

double dlm_function_reference(dlm_function function, double a, double b, double c) {
  switch (function) {
#define FUNCTION(name, arity, ...) \
  case dlm_function_##name:        \
    return __VA_ARGS__;
#include "functions.def"
#undef FUNCTION
  }
  return 0;
}
