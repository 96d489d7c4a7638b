// Kernels that move elements by index. They do no arithmetic worth vectors, so one copy serves all
// instruction sets.

#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

void dlm_index_of_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_index_of *a = arguments;
  const char *source = dlm_at(run, &a->source);
  int32_t *result = (int32_t *)dlm_at(run, &a->result);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t rest = unit, from = 0, to = 0;
    for (int axis = a->rank - 1; axis >= 0; axis--) {
      int64_t index = rest % a->dims[axis];
      rest /= a->dims[axis];
      from += index * a->source.strides[axis];
      to += index * a->result.strides[axis];
    }
    int32_t place = 0;
    double best = dlm_load(source, a->source.type, from);
    // A NaN stays: nothing compares as better, and the first one wins.
    for (int64_t i = 1; i < a->length && best == best; i++) {
      double x = dlm_load(source, a->source.type, from + i * a->stride);
      if (x != x || (a->largest ? x > best : x < best)) {
        best = x;
        place = (int32_t)i;
      }
    }
    result[to] = place;
  }
}

void dlm_check_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)begin, (void)end, (void)scratch;
  const dlm_check *a = arguments;
  const int32_t *index = (const int32_t *)dlm_at(run, &a->index);
  for (int64_t p = 0; p < a->p; p++)
    for (int64_t q = 0; q < a->q; q++) {
      int64_t i = index[p * a->index.strides[0] + q * a->index.strides[1]];
      if (i >= 0 && i < a->count) continue;
      run->failure = (dlm_failure){i, a->count, p * a->q + q, a->instruction, dlm_index_out_of_range};
      return;
    }
}

#define COPY_ROW(type)                                                           \
  for (int64_t q = 0; q < n; q++) ((type *)to)[q * to_stride] = ((const type *)from)[q * from_stride];

static inline void copy_row(
    char *to, int64_t to_stride, const char *from, int64_t from_stride, int64_t n, int size) {
  if (to_stride == 1 && from_stride == 1) {
    memcpy(to, from, (size_t)(n * size));
  } else if (size == 1) {
    COPY_ROW(uint8_t)
  } else if (size == 2) {
    COPY_ROW(uint16_t)
  } else if (size == 4) {
    COPY_ROW(uint32_t)
  } else {
    COPY_ROW(uint64_t)
  }
}

void dlm_gather_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_gather *a = arguments;
  int size = dlm_type_size(a->x.type);
  const char *x = dlm_at(run, &a->x);
  const int32_t *index = (const int32_t *)dlm_at(run, &a->index);
  char *y = dlm_at(run, &a->y);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t p = unit / a->i, i = unit % a->i;
    int64_t v = index[i * a->index.strides[0]];
    copy_row(
        y + (p * a->y.strides[0] + i * a->y.strides[1]) * size, a->y.strides[2],
        x + (p * a->x.strides[0] + v * a->x.strides[1]) * size, a->x.strides[2], a->q, size);
  }
}

#define SCATTER(type)                                                                          \
  {                                                                                            \
    const type *x = (const type *)dlm_at(run, &a->x);                                          \
    type *y = (type *)dlm_at(run, &a->y);                                                      \
    for (int64_t unit = begin; unit < end; unit++) {                                           \
      int64_t p = unit / slices, first = unit % slices * a->slice;                             \
      int64_t last = first + a->slice < a->q ? first + a->slice : a->q;                        \
      for (int64_t v = 0; v < a->v; v++) {                                                     \
        type *to = y + p * a->y.strides[0] + v * a->y.strides[1];                              \
        if (a->y.strides[2] == 1)                                                              \
          memset(to + first, 0, (size_t)(last - first) * sizeof(type));                        \
        else                                                                                   \
          for (int64_t q = first; q < last; q++) to[q * a->y.strides[2]] = 0;                  \
      }                                                                                        \
      for (int64_t i = 0; i < a->i; i++) {                                                     \
        type *to = y + p * a->y.strides[0] + index[i * a->index.strides[0]] * a->y.strides[1]; \
        const type *from = x + p * a->x.strides[0] + i * a->x.strides[1];                      \
        if (a->x.strides[2] == 1 && a->y.strides[2] == 1)                                      \
          for (int64_t q = first; q < last; q++) to[q] += from[q];                             \
        else                                                                                   \
          for (int64_t q = first; q < last; q++)                                               \
            to[q * a->y.strides[2]] += from[q * a->x.strides[2]];                              \
      }                                                                                        \
    }                                                                                          \
    break;                                                                                     \
  }

// Threads take slices of q of some p, so that every sum is made by one thread in the order of i.
void dlm_scatter_add_run(
    const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_gather *a = arguments;
  const int32_t *index = (const int32_t *)dlm_at(run, &a->index);
  int64_t slices = (a->q + a->slice - 1) / a->slice;
  switch (a->x.type) {
    case dlm_f32: SCATTER(float)
    case dlm_f64: SCATTER(double)
    case dlm_i32: SCATTER(int32_t)
    case dlm_i64: SCATTER(int64_t)
    case dlm_u8:
    case dlm_bool: SCATTER(uint8_t)
    // Sums of these are made in f32.
    case dlm_f16:
    case dlm_bf16: break;
  }
}

void dlm_pick_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_pick *a = arguments;
  int size = dlm_type_size(a->x.type);
  const char *x = dlm_at(run, &a->x);
  const int32_t *index = (const int32_t *)dlm_at(run, &a->index);
  char *y = dlm_at(run, &a->y);
  for (int64_t p = begin; p < end; p++)
    for (int64_t q = 0; q < a->q; q++) {
      int64_t v = index[p * a->index.strides[0] + q * a->index.strides[1]];
      memcpy(
          y + (p * a->y.strides[0] + q * a->y.strides[1]) * size,
          x + (p * a->x.strides[0] + v * a->x.strides[1] + q * a->x.strides[2]) * size,
          (size_t)size);
    }
}

void dlm_place_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_pick *a = arguments;
  int size = dlm_type_size(a->x.type);
  const char *x = dlm_at(run, &a->x);
  const int32_t *index = (const int32_t *)dlm_at(run, &a->index);
  char *y = dlm_at(run, &a->y);
  for (int64_t p = begin; p < end; p++)
    for (int64_t q = 0; q < a->q; q++) {
      char *row = y + (p * a->y.strides[0] + q * a->y.strides[2]) * size;
      if (a->y.strides[1] == 1)
        memset(row, 0, (size_t)(a->v * size));
      else
        for (int64_t v = 0; v < a->v; v++) memset(row + v * a->y.strides[1] * size, 0, (size_t)size);
      int64_t v = index[p * a->index.strides[0] + q * a->index.strides[1]];
      memcpy(
          row + v * a->y.strides[1] * size,
          x + (p * a->x.strides[0] + q * a->x.strides[1]) * size, (size_t)size);
    }
}

void dlm_iota_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_iota *a = arguments;
  char *y = dlm_at(run, &a->result);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t rest = unit, to = 0, value = 0;
    for (int axis = a->rank - 1; axis >= 0; axis--) {
      int64_t index = rest % a->dims[axis];
      rest /= a->dims[axis];
      to += index * a->result.strides[axis];
      if (axis == a->axis) value = index;
    }
    switch (a->result.type) {
      case dlm_f32: ((float *)y)[to] = (float)value; break;
      case dlm_f64: ((double *)y)[to] = (double)value; break;
      case dlm_i32: ((int32_t *)y)[to] = (int32_t)value; break;
      case dlm_i64: ((int64_t *)y)[to] = value; break;
      case dlm_u8: ((uint8_t *)y)[to] = dlm_to_u8((double)value); break;
      case dlm_bool: ((uint8_t *)y)[to] = value != 0; break;
      case dlm_f16:
      case dlm_bf16: dlm_store(y, a->result.type, to, (double)value); break;
    }
  }
}
