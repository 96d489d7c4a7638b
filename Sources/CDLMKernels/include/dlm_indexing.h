#pragma once

// Arguments of kernels that move elements by index, and of generators. Included by dlm_kernels.h.

/// Extremum's place along the middle axis of `[outer.., length, inner..]`; one result per unit.
typedef struct dlm_index_of {
  dlm_view source, result;
  int32_t rank, largest;
  /// Axes that are kept; the views' strides are along these.
  int64_t dims[DLM_RANK];
  int64_t length, stride;
} dlm_index_of;

/// `y[p, i, q] = x[p, index[i], q]`, or the sum the other way round. Strides along p, i or v, and q.
typedef struct dlm_gather {
  dlm_view x, index, y;
  int64_t p, v, i, q;
  /// Of sums: elements of q in a unit.
  int64_t slice;
} dlm_gather;

/// `y[p, q] = x[p, index[p, q], q]`, or the placement the other way round.
typedef struct dlm_pick {
  dlm_view x, index, y;
  int64_t p, v, q;
} dlm_pick;

/// Compares the `[p, q]` indices of `index` with `count`; one unit.
typedef struct dlm_check {
  dlm_view index;
  int64_t p, q, count;
  int32_t instruction;
} dlm_check;

typedef struct dlm_draw {
  dlm_view result;
  uint64_t stream;
  int64_t count;
  int32_t normal, fixed;
} dlm_draw;

/// `y[.., i, ..] = i` over `[outer, length, inner]`, any strides.
typedef struct dlm_iota {
  dlm_view result;
  int32_t rank, axis;
  int64_t dims[DLM_RANK];
} dlm_iota;

void dlm_index_of_run(const void *, dlm_run *, int64_t, int64_t, char *);
/// Units are `[p, i]`.
void dlm_gather_run(const void *, dlm_run *, int64_t, int64_t, char *);
/// Units are slices of q for each p.
void dlm_scatter_add_run(const void *, dlm_run *, int64_t, int64_t, char *);
/// Units are rows p.
void dlm_pick_run(const void *, dlm_run *, int64_t, int64_t, char *);
void dlm_place_run(const void *, dlm_run *, int64_t, int64_t, char *);
void dlm_check_run(const void *, dlm_run *, int64_t, int64_t, char *);
/// Units are elements.
void dlm_iota_run(const void *, dlm_run *, int64_t, int64_t, char *);
