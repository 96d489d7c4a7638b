#pragma once

#include "dlm_kernels.h"

/// The kernels for AVX-512, 16 floats wide, each vector in two registers of AVX2; null where there is no AVX2.
const dlm_kernels *halved_kernels(void);
