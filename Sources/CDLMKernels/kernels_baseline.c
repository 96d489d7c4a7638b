// Kernels for any machine: 128-bit vectors, SSE2 or NEON.

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

#define ISA baseline
#define NARROW 4
#define WIDE 16
#define ROWS 6
#define CONVOLVE_ROWS 6

#if defined(__aarch64__)
#define DLM_FMA
#endif

#include "kernels.inc"

