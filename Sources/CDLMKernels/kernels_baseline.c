// Kernels for any machine: 128-bit vectors, SSE2 or NEON.

#include <math.h>
#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

#define ISA baseline
#define NARROW 4
#define WIDE 16
#define ROWS 6
#if defined(__aarch64__)
#define CONVOLVE_ROWS 12
#define REGISTERS 32
#define DLM_FMA
#else
#define CONVOLVE_ROWS 6
#define REGISTERS 16
#endif

#include "kernels.inc"

