// Kernels for x86 with AVX-512: 512-bit vectors; or, for tests on machines that have not got it, the same
// with each vector as two of 256 bits.

#if defined(__x86_64__)

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"
#include <immintrin.h>

#ifdef DLM_HALVES
#define ISA halves
#define FEATURES "avx2,fma,bmi2"
#define REGISTER_BITS 256
#else
#define ISA avx512
#define FEATURES "avx512f,avx512bw,avx512dq,avx512vl,fma,bmi2"
#define REGISTER_BITS 512
#define DLM_AVX512
#endif
#define NARROW 16
#define WIDE 64
#define ROWS 8
#define CONVOLVE_ROWS 12
#define REGISTERS 32
#define DLM_FMA

#pragma clang attribute push(__attribute__((target(FEATURES), min_vector_width(REGISTER_BITS))), apply_to = function)
#include "kernels.inc"

#pragma clang attribute pop

#endif
