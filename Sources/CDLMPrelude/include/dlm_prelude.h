#pragma once
#include <stddef.h>

/// One file of the prelude: its name without folder, its UTF-8 text, zero-terminated.
typedef struct dlm_prelude_file {
  const char *name;
  const char *text;
} dlm_prelude_file;

/// The files of the prelude, in the order in which they are read. Writes their number to `count`.
const dlm_prelude_file *dlm_prelude_files(size_t *count);

/// The pages that explain diagnostics, in the same form.
const dlm_prelude_file *dlm_explanations(size_t *count);
