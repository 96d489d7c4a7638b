// The prelude is real .dlm files, put into the binary by the compiler, which also tracks their changes.
#include "dlm_prelude.h"

static const char activations[] = {
#embed "prelude/activations.dlm" suffix(, 0)
};
static const char adaptive[] = {
#embed "prelude/adaptive.dlm" suffix(, 0)
};
static const char adversarial[] = {
#embed "prelude/adversarial.dlm" suffix(, 0)
};
static const char attention[] = {
#embed "prelude/attention.dlm" suffix(, 0)
};
static const char augmentation[] = {
#embed "prelude/augmentation.dlm" suffix(, 0)
};
static const char blocks[] = {
#embed "prelude/blocks.dlm" suffix(, 0)
};
static const char constrained[] = {
#embed "prelude/constrained.dlm" suffix(, 0)
};
static const char ctc[] = {
#embed "prelude/ctc.dlm" suffix(, 0)
};
static const char convolutions[] = {
#embed "prelude/convolutions.dlm" suffix(, 0)
};
static const char curvature[] = {
#embed "prelude/curvature.dlm" suffix(, 0)
};
static const char functions[] = {
#embed "prelude/functions.dlm" suffix(, 0)
};
static const char group_norms[] = {
#embed "prelude/group_norms.dlm" suffix(, 0)
};
static const char images[] = {
#embed "prelude/images.dlm" suffix(, 0)
};
static const char initializers[] = {
#embed "prelude/initializers.dlm" suffix(, 0)
};
static const char large_batches[] = {
#embed "prelude/large_batches.dlm" suffix(, 0)
};
static const char layers[] = {
#embed "prelude/layers.dlm" suffix(, 0)
};
static const char linear[] = {
#embed "prelude/linear.dlm" suffix(, 0)
};
static const char losses[] = {
#embed "prelude/losses.dlm" suffix(, 0)
};
static const char metrics[] = {
#embed "prelude/metrics.dlm" suffix(, 0)
};
static const char noise[] = {
#embed "prelude/noise.dlm" suffix(, 0)
};
static const char normalization[] = {
#embed "prelude/normalization.dlm" suffix(, 0)
};
static const char optimizers[] = {
#embed "prelude/optimizers.dlm" suffix(, 0)
};
static const char pooling[] = {
#embed "prelude/pooling.dlm" suffix(, 0)
};
static const char recurrent[] = {
#embed "prelude/recurrent.dlm" suffix(, 0)
};
static const char regularizers[] = {
#embed "prelude/regularizers.dlm" suffix(, 0)
};
static const char schedules[] = {
#embed "prelude/schedules.dlm" suffix(, 0)
};
static const char sequences[] = {
#embed "prelude/sequences.dlm" suffix(, 0)
};
static const char tensors[] = {
#embed "prelude/tensors.dlm" suffix(, 0)
};
static const char word_metrics[] = {
#embed "prelude/word_metrics.dlm" suffix(, 0)
};

static const dlm_prelude_file files[] = {
    {"activations.dlm", activations},
    {"adaptive.dlm", adaptive},
    {"adversarial.dlm", adversarial},
    {"attention.dlm", attention},
    {"augmentation.dlm", augmentation},
    {"blocks.dlm", blocks},
    {"constrained.dlm", constrained},
    {"ctc.dlm", ctc},
    {"convolutions.dlm", convolutions},
    {"curvature.dlm", curvature},
    {"functions.dlm", functions},
    {"group_norms.dlm", group_norms},
    {"images.dlm", images},
    {"initializers.dlm", initializers},
    {"large_batches.dlm", large_batches},
    {"layers.dlm", layers},
    {"linear.dlm", linear},
    {"losses.dlm", losses},
    {"metrics.dlm", metrics},
    {"noise.dlm", noise},
    {"normalization.dlm", normalization},
    {"optimizers.dlm", optimizers},
    {"pooling.dlm", pooling},
    {"recurrent.dlm", recurrent},
    {"regularizers.dlm", regularizers},
    {"schedules.dlm", schedules},
    {"sequences.dlm", sequences},
    {"tensors.dlm", tensors},
    {"word_metrics.dlm", word_metrics},
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
static const char sense[] = {
#embed "explain/sense.txt" suffix(, 0)
};
static const char shapes[] = {
#embed "explain/shapes.txt" suffix(, 0)
};
static const char training[] = {
#embed "explain/training.txt" suffix(, 0)
};

static const dlm_prelude_file explanations[] = {
    {"form.txt", form}, {"names.txt", names}, {"sense.txt", sense},
    {"shapes.txt", shapes}, {"training.txt", training},
};

const dlm_prelude_file *dlm_explanations(size_t *count) {
  *count = sizeof explanations / sizeof *explanations;
  return explanations;
}
