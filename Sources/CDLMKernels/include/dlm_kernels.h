#pragma once

#include <stdint.h>

#include "dlm_functions.h"

// Kernels work on prepared arguments: the shapes are analysed once, in Swift, and a run only follows
// pointers. All counts and strides are in elements, offsets in bytes.

enum {
  /// Axes of an index space after merging.
  DLM_RANK = 8,
  /// Elements that a program works on at a time: a few registers of this size fit the first cache.
  DLM_TILE = 512,
  /// Bytes that one constant of a program fills: what the widest kernel reads at a time.
  DLM_CONSTANT = 256,
  /// Results of one reduction.
  DLM_REDUCTIONS = 4,
};

/// `ElementType` of Swift, same order.
typedef enum dlm_type : unsigned {
  dlm_f32,
  dlm_f64,
  dlm_i32,
  dlm_i64,
  dlm_u8,
  dlm_bool,
  dlm_f16,
  dlm_bf16,
} dlm_type;

/// A strided array in the memory numbered `base`.
typedef struct dlm_view {
  int32_t base;
  dlm_type type;
  int64_t offset;
  int64_t strides[DLM_RANK];
} dlm_view;

typedef enum dlm_failure_kind : unsigned {
  dlm_index_out_of_range,
  dlm_singular,
  dlm_not_positive_definite,
} dlm_failure_kind;

/// Which index was out of range in a run, or which matrix of a batch has no inverse or no Cholesky
/// factor; `instruction` is negative while all is well.
typedef struct dlm_failure {
  int64_t index, count, position;
  int32_t instruction;
  dlm_failure_kind kind;
} dlm_failure;

/// What is known only when a run starts.
typedef struct dlm_run {
  /// Start of each memory: 0 the arena, 1 scratch shared by all threads, then the slots.
  char *const *bases;
  uint64_t seed, counter;
  dlm_failure failure;
  /// Told `asker`, whether somebody wants an end; asked by any thread, null where nobody ever does.
  int (*wants_end)(void *asker);
  void *asker;
  /// Not 0 once it was answered so: what is computed from here on is of no use.
  int32_t cancelled;
} dlm_run;

/// Whether to give up. Asked between pieces of a step, and by kernels whose units take long.
int dlm_is_cancelled(dlm_run *run);

/// Does units `begin..<end` of a step. `scratch` belongs to the thread.
typedef void (*dlm_work)(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch);

/// One call of a kernel. Units may be done in any order by any thread without changing the result.
typedef struct dlm_step {
  dlm_work work;
  const void *arguments;
  int64_t units;
  /// Units to do before it is asked again whether to go on.
  int64_t piece;
  int32_t instruction;
  /// Whether there is enough work for waking other threads.
  int32_t parallel;
} dlm_step;

typedef struct dlm_pool dlm_pool;

/// Threads that wait for work, or null where they cannot be had. `threads` counts the caller's.
dlm_pool *dlm_pool_create(int threads);
void dlm_pool_destroy(dlm_pool *pool);
/// The processors this process may use.
int dlm_processor_count(void);

/// Runs `count` steps in order. Each thread has `scratch_stride` bytes of `scratch`.
/// Stops after a step that fails, and within one where the run is cancelled.
void dlm_run_steps(
    dlm_pool *pool, const dlm_step *steps, int64_t count, dlm_run *run, char *scratch,
    int64_t scratch_stride);

/// How an operand reaches a program's registers.
typedef enum dlm_access : unsigned {
  /// Dense and of the domain's type: read in place.
  dlm_direct,
  /// One element for all indices.
  dlm_scalar,
  /// The same again after every period of the program: converted into a tile once.
  dlm_periodic,
  /// Dense, of the domain's type, and read from its start again after every `period` elements, more than a
  /// tile: read in place, but for a tile in which it starts again.
  dlm_repeated,
  /// Anything else: converted into a tile first.
  dlm_strided,
} dlm_access;

/// `target[i] = f(a[i], b[i], c[i], d[i])`, `n` elements; a step of 0 stands for a repeated vector.
typedef void (*dlm_op)(void *target, const void *const *sources, const int64_t *steps, int64_t n);

/// One operation on registers; `direct` is the result it may write in place, or -1.
typedef struct dlm_instruction {
  dlm_op op;
  int32_t target, direct;
  int32_t sources[4];
} dlm_instruction;

typedef struct dlm_operand {
  dlm_view view;
  dlm_access access;
  /// The tile it is converted into, counted from the start of the thread's scratch.
  int32_t tile;
  /// Of `dlm_repeated` only.
  int64_t period;
} dlm_operand;

/// A scalar program over an index space. Registers are inputs, constants, then instructions.
typedef struct dlm_program {
  int32_t rank, input_count, constant_count, instruction_count, result_count;
  int64_t dims[DLM_RANK];
  /// Elements to work on at a time, and after how many periodic inputs repeat: a divisor of `tile`.
  int64_t tile, period;
  const dlm_operand *inputs;
  /// DLM_CONSTANT bytes for each.
  const char *constants;
  const dlm_instruction *instructions;
  /// Tile of each instruction's register.
  const int32_t *tiles;
  const dlm_operand *results;
  /// The register each result is written from.
  const int32_t *result_registers;
} dlm_program;

typedef struct dlm_map {
  dlm_program program;
  int64_t count, unit;
} dlm_map;

typedef enum dlm_reduction : unsigned { dlm_sum, dlm_product, dlm_maximum, dlm_minimum } dlm_reduction;

/// The program's index space is `[kept, reduced]` where `inner`, else `[reduced, kept]`.
typedef struct dlm_reduce {
  dlm_program program;
  /// Index space of the results, as many as the program's: the kept axes, with the chunks before them.
  dlm_program result;
  dlm_reduction kind;
  int32_t inner;
  int64_t kept, reduced;
  /// Kept elements of a unit; reduced elements of a chunk.
  int64_t block, chunk;
} dlm_reduce;

/// Copy of a matrix, `rows` x `columns` for each of `outer`, whose source is dense along rows and
/// whose target is dense along columns.
typedef struct dlm_transpose {
  dlm_view source, target;
  int32_t rank;
  /// Outer axes, then rows, then columns.
  int64_t dims[DLM_RANK];
} dlm_transpose;

#include "dlm_products.h"
#include "dlm_indexing.h"
#include "dlm_routines.h"
#include "dlm_double.h"

/// How much a measurement of the machine does: rounds of multiply-adds, or copies of `bytes` bytes from
/// the second half to the first of each unit's part of `memory`.
typedef struct dlm_probe {
  int64_t rounds, bytes;
  char *memory;
} dlm_probe;

/// The kernels of one instruction set.
typedef struct dlm_kernels {
  const char *name;
  /// Floats in a vector.
  int32_t lanes;
  const dlm_op *ops;
  dlm_work map, reduce, transpose;
  dlm_work pack_rows, matmul;
  int32_t matmul_rows, matmul_columns;
  /// Elements of a contraction that are summed before the sum goes to memory.
  int32_t matmul_depth;
  dlm_work pack_weights, convolve, convolve_weights, convolve_weights_winograd;
  /// The same as the first two, for what `dlm_convolve` says of Winograd's form; and the bytes of a
  /// thread's scratch that it takes for so many inputs.
  dlm_work winograd_weights, convolve_winograd;
  int64_t (*winograd_scratch)(int64_t inputs);
  /// Bytes of a thread's scratch that `convolve_weights_winograd` takes; `vectors` as there.
  int64_t (*winograd_gradient_scratch)(int64_t inputs, int64_t outputs, int64_t vectors);
  /// Output channels at a time, by two vectors of samples or of positions.
  int32_t convolve_rows;
  /// Bytes of a thread's scratch that a packed panel takes.
  int64_t product_scratch;
  dlm_work attention, attention_gradient;
  /// Bytes of a thread's scratch that either takes.
  int64_t (*attention_scratch)(const dlm_attention *);
  dlm_work windows;
  dlm_work planes;
  /// Bytes of a thread's scratch that it takes.
  int64_t (*planes_scratch)(const dlm_planes *);
  dlm_work pool;
  dlm_work random;
  dlm_work probe_peak, probe_copy;
  /// Multiplications and additions of a round of `probe_peak`.
  int64_t probe_flops;
} dlm_kernels;

/// Instruction sets this build has kernels for, best first; null after the last.
const dlm_kernels *dlm_kernels_at(int index);
/// Whether this machine can run them.
int dlm_kernels_supported(const dlm_kernels *kernels);
/// Kernels for arithmetic in `f64` or `i64`: plain loops; only `ops`, `map` and `reduce`.
const dlm_kernels *dlm_kernels_generic(dlm_type domain);

/// Operations beyond `functions.def`: those of `fused.def`.
typedef enum dlm_fused : unsigned {
  dlm_last_function = dlm_function_select,
#define FUSED(name, arity, ...) dlm_fused_##name,
#include "fused.def"
#undef FUSED
  dlm_op_count
} dlm_fused;
