// Half-precision numbers, one at a time.

#include "convert.h"
#include "dlm_functions.h"

double dlm_half_load(const void *array, int brain, int64_t index) {
  return dlm_load(array, brain ? dlm_bf16 : dlm_f16, index);
}

void dlm_half_store(void *array, int brain, int64_t index, double value) {
  dlm_store(array, brain ? dlm_bf16 : dlm_f16, index, value);
}
