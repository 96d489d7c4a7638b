// The kernels for AVX-512 as they are, but for the registers that their vectors lie in.

#include "halved_kernels.h"

#define DLM_HALVES
#include "../../Sources/CDLMKernels/kernels_avx512.c"

const dlm_kernels *halved_kernels(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return &dlm_kernels_halves;
#endif
  return 0;
}
