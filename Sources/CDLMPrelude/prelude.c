// The prelude is real .dlm files, put into the binary by the compiler, which also tracks their changes.
#include "dlm_prelude.h"

static const char activations[] = {
#embed "prelude/activations.dlm" suffix(, 0)
};
static const char tensors[] = {
#embed "prelude/tensors.dlm" suffix(, 0)
};
static const char functions[] = {
#embed "prelude/functions.dlm" suffix(, 0)
};
static const char losses[] = {
#embed "prelude/losses.dlm" suffix(, 0)
};
static const char metrics[] = {
#embed "prelude/metrics.dlm" suffix(, 0)
};
static const char layers[] = {
#embed "prelude/layers.dlm" suffix(, 0)
};
static const char optimizers[] = {
#embed "prelude/optimizers.dlm" suffix(, 0)
};

static const char normalization[] = {
#embed "prelude/normalization.dlm" suffix(, 0)
};
static const char sequences[] = {
#embed "prelude/sequences.dlm" suffix(, 0)
};

static const dlm_prelude_file files[] = {
    {"activations.dlm", activations}, {"functions.dlm", functions}, {"losses.dlm", losses},
    {"tensors.dlm", tensors},
    {"metrics.dlm", metrics},         {"layers.dlm", layers},       {"optimizers.dlm", optimizers},
    {"normalization.dlm", normalization}, {"sequences.dlm", sequences},
};

const dlm_prelude_file *dlm_prelude_files(size_t *count) {
  *count = sizeof files / sizeof *files;
  return files;
}

static const char form[] = {
#embed "explain/form.txt" suffix(, 0)
};
static const char names[] = {
#embed "explain/names.txt" suffix(, 0)
};
static const char shapes[] = {
#embed "explain/shapes.txt" suffix(, 0)
};
static const char training[] = {
#embed "explain/training.txt" suffix(, 0)
};

static const dlm_prelude_file explanations[] = {
    {"form.txt", form}, {"names.txt", names}, {"shapes.txt", shapes}, {"training.txt", training},
};

const dlm_prelude_file *dlm_explanations(size_t *count) {
  *count = sizeof explanations / sizeof *explanations;
  return explanations;
}
