#pragma once

#include <stdint.h>

/// An element-wise function of one to three numbers; `functions.def` lists them.
typedef enum __attribute__((enum_extensibility(closed), swift_name("ScalarFunction"))) dlm_function
    : unsigned {
#define FUNCTION(name, arity, ...) dlm_function_##name __attribute__((swift_name(#name))),
#include "functions.def"
#undef FUNCTION
} dlm_function;

/// How many operands `function` takes: 1, 2 or 3.
int dlm_function_arity(dlm_function function);
/// Its name as written in `functions.def`.
const char *dlm_function_name(dlm_function function);
/// Its formula as C text in `a`, `b`, `c`.
const char *dlm_function_formula(dlm_function function);
/// Its value in double precision with the C library's functions: the definition that fast kernels
/// are measured against. Unused operands are ignored.
double dlm_function_reference(dlm_function function, double a, double b, double c);

/// Element `index` of an array of half-precision numbers: `f16`, or `bf16` where `brain`.
double dlm_half_load(const void *array, int brain, int64_t index);
void dlm_half_store(void *array, int brain, int64_t index, double value);

/// What the C library has not, or not for several threads.
double dlm_special_lgamma(double x);
double dlm_special_erf_inverse(double y);
/// Derivative number `order` of the logarithm's of the gamma function: `digamma` for order 0.
double dlm_special_polygamma(double order, double x);
