// Element-wise programs and reductions in f64 and i64: plain loops for every machine.

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

#define INLINE static inline __attribute__((unused))
#define LANES 1
#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)

#define REDUCE_MAX(a, b) ((((a) != (a)) | ((a) > (b))) ? (a) : (b))
#define REDUCE_MIN(a, b) ((((a) != (a)) | ((a) < (b))) ? (a) : (b))

// f64: the definitions themselves.
#define NAME(x) PASTE(x, f64)
#define T double
#define LOWEST (-__builtin_inf())
#define HIGHEST __builtin_inf()
#define FROM_REAL(x) ((double)(x))
#define TO_I32 dlm_to_i32
#define TO_I64 dlm_to_i64
#define TO_U8 dlm_to_u8
#define OPERATION(name, expression)                                                     \
  static void NAME(op_##name)(                                                          \
      void *target, const void *const *sources, const int64_t *steps, int64_t n) {      \
    const T *pa = sources[0], *pb = sources[1], *pc = sources[2], *pd = sources[3];     \
    for (int64_t i = 0; i < n; i++) {                                                   \
      T a = pa[i * steps[0]], b = pb[i * steps[1]], c = pc[i * steps[2]];               \
      T d = pd[i * steps[3]];                                                           \
      (void)a, (void)b, (void)c, (void)d;                                               \
      ((T *)target)[i] = expression;                                                    \
    }                                                                                   \
  }
#define FUNCTION(name, arity, ...) \
  OPERATION(name, dlm_function_reference(dlm_function_##name, a, b, c))
#include "functions.def"
#undef FUNCTION
#define dlm_fma(a, b, c) ((a) * (b) + (c))
#define dlm_sqrt(a) sqrt(a)
#define dlm_choice(condition, a, b) ((condition) ? (a) : (b))
#define FUSED(name, arity, ...) OPERATION(name, __VA_ARGS__)
#include "fused.def"
#undef FUSED
static const dlm_op ops_f64[dlm_op_count] = {
#define FUNCTION(name, arity, ...) op_##name##_f64,
#define FUSED FUNCTION
#include "functions.def"
#include "fused.def"
#undef FUNCTION
#undef FUSED
};
#include "program.inc"
#include "reduce.inc"
#undef NAME
#undef T
#undef LOWEST
#undef HIGHEST
#undef FROM_REAL
#undef TO_I32
#undef TO_I64
#undef TO_U8
#undef COMBINE
#undef LOAD_ROW
#undef STORE_ROW

// i64: exact where integers are, wrapping on overflow; the rest by way of double.
#define NAME(x) PASTE(x, i64)
#define T int64_t
#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX
#define FROM_REAL(x) dlm_to_i64(x)
#define TO_I32(x) ((int32_t)((x) < INT32_MIN ? INT32_MIN : (x) > INT32_MAX ? INT32_MAX : (x)))
#define TO_I64(x) (x)
#define TO_U8(x) ((uint8_t)((x) < 0 ? 0 : (x) > 255 ? 255 : (x)))

static int64_t wrapping(dlm_function function, int64_t a, int64_t b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  return (int64_t)(function == dlm_function_add        ? x + y
                   : function == dlm_function_subtract ? x - y
                                                       : x * y);
}

static int64_t modulo(int64_t a, int64_t b) {
  if (b == 0 || b == -1) return 0;
  int64_t remainder = a % b;
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

static inline int64_t apply(dlm_function function, int64_t a, int64_t b, int64_t c) {
  switch (function) {
    case dlm_function_identity:
    case dlm_function_floor:
    case dlm_function_ceil:
    case dlm_function_round: return a;
    case dlm_function_negate: return wrapping(dlm_function_subtract, 0, a);
    case dlm_function_abs: return a < 0 ? wrapping(dlm_function_subtract, 0, a) : a;
    case dlm_function_sign: return (a > 0) - (a < 0);
    case dlm_function_add:
    case dlm_function_subtract:
    case dlm_function_multiply: return wrapping(function, a, b);
    case dlm_function_modulo: return modulo(a, b);
    case dlm_function_minimum: return a < b ? a : b;
    case dlm_function_maximum: return a > b ? a : b;
    case dlm_function_less: return a < b;
    case dlm_function_less_equal: return a <= b;
    case dlm_function_equal: return a == b;
    case dlm_function_not_equal: return a != b;
    case dlm_function_logical_and: return a != 0 && b != 0;
    case dlm_function_logical_or: return a != 0 || b != 0;
    case dlm_function_logical_not: return a == 0;
    case dlm_function_select: return a != 0 ? b : c;
    case dlm_function_is_nan: return 0;
    case dlm_function_round_bf16:
    case dlm_function_exp:
    case dlm_function_log:
    case dlm_function_sqrt:
    case dlm_function_sin:
    case dlm_function_cos:
    case dlm_function_tanh:
    case dlm_function_sigmoid:
    case dlm_function_erf:
    case dlm_function_erf_inverse:
    case dlm_function_expm1:
    case dlm_function_log1p:
    case dlm_function_lgamma:
    case dlm_function_atan2:
    case dlm_function_polygamma:
    case dlm_function_divide:
    case dlm_function_power: break;
  }
  return dlm_to_i64(dlm_function_reference(function, (double)a, (double)b, (double)c));
}

#define FUNCTION(name, arity, ...) OPERATION(name, apply(dlm_function_##name, a, b, c))
#include "functions.def"
#undef FUNCTION
// Nothing is fused in integers.
static const dlm_op ops_i64[dlm_op_count] = {
#define FUNCTION(name, arity, ...) op_##name##_i64,
#include "functions.def"
#undef FUNCTION
};
#include "program.inc"
#include "reduce.inc"

static const dlm_kernels kernels_f64 = {
    .name = "f64", .lanes = 1, .ops = ops_f64, .map = map_f64, .reduce = reduce_f64};
static const dlm_kernels kernels_i64 = {
    .name = "i64", .lanes = 1, .ops = ops_i64, .map = map_i64, .reduce = reduce_i64};

const dlm_kernels *dlm_kernels_generic(dlm_type domain) {
  return domain == dlm_f64 ? &kernels_f64 : &kernels_i64;
}
