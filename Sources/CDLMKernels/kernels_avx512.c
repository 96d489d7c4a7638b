// Kernels for x86 with AVX-512: 512-bit vectors.

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"
#include <immintrin.h>

#define ISA avx512
#define NARROW 16
#define WIDE 64
#define ROWS 8
#define CONVOLVE_ROWS 12
#define DLM_FMA
#define DLM_AVX512

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,bmi2"), min_vector_width(512))), apply_to = function)
#include "kernels.inc"

#pragma clang attribute pop

#endif
