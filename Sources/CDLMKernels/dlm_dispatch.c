// Which kernels this build has and which of them this machine can run.

#include "dlm_kernels.h"

extern const dlm_kernels dlm_kernels_baseline;
#if defined(__x86_64__)
extern const dlm_kernels dlm_kernels_avx2, dlm_kernels_avx512;
#endif

const dlm_kernels *dlm_kernels_at(int index) {
  static const dlm_kernels *const all[] = {
#if defined(__x86_64__)
      &dlm_kernels_avx512, &dlm_kernels_avx2,
#endif
      &dlm_kernels_baseline, 0};
  return all[index];
}

int dlm_kernels_supported(const dlm_kernels *kernels) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (kernels == &dlm_kernels_avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (kernels == &dlm_kernels_avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi2");
#endif
  return kernels == &dlm_kernels_baseline;
}
