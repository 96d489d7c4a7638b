#include "dlm_memory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void dlm_grow_memory_in_large_steps(void) {
#ifdef __GLIBC__
  // By default 128 kB, each a call of the system; a check of a long program takes hundreds of them.
  mallopt(M_TOP_PAD, 8 << 20);
#endif
}

void dlm_give_back_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
