// Kernels for x86 with AVX2 and FMA: 256-bit vectors.

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"
#include <immintrin.h>

#define ISA avx2
#define NARROW 8
#define WIDE 32
#define ROWS 6
#define CONVOLVE_ROWS 6
#define REGISTERS 16
#define DLM_FMA
#define DLM_AVX2

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"), min_vector_width(256))), apply_to = function)
#include "kernels.inc"

#pragma clang attribute pop

#endif
