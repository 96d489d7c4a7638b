// Routines along the lines of an array: cumulative sums, sorting, elements by index, triangles.

#include <string.h>

#include "convert.h"
#include "dlm_kernels.h"

typedef struct {
  const char *x;
  char *y;
  const int32_t *index;
  /// First element of the line in x, and in y and the index; one step along it is `step`.
  int64_t from, to, step;
} line;

// A NaN is larger than all numbers; of equals, neither.
static inline int exceeds(double a, double b) { return a > b || (a != a && b == b); }

#define CUMULATE(type, wide)                                                              \
  {                                                                                       \
    const type *x = (const type *)l.x + l.from;                                           \
    type *y = (type *)l.y + l.to;                                                         \
    wide total = 0;                                                                       \
    for (int64_t i = 0; i < a->length; i++) {                                             \
      wide v = x[i * l.step];                                                             \
      total = i == 0                              ? v                                     \
              : a->option == dlm_sum              ? total + v                             \
              : a->option == dlm_product          ? total * v                             \
              : a->option == dlm_maximum          ? (total != total || total > v ? total : v) \
                                                  : (total != total || total < v ? total : v); \
      y[i * l.step] = (type)total;                                                        \
    }                                                                                     \
    break;                                                                                \
  }

static void cumulate(const dlm_line *a, line l) {
  switch (a->x.type) {
    case dlm_f32: CUMULATE(float, double)
    case dlm_f64: CUMULATE(double, double)
    case dlm_i32: CUMULATE(int32_t, int64_t)
    case dlm_i64: CUMULATE(int64_t, int64_t)
    case dlm_u8:
    case dlm_bool: CUMULATE(uint8_t, int64_t)
    // Sums of these are made in f32.
    case dlm_f16:
    case dlm_bf16: break;
  }
}

static void running(const dlm_line *a, line l) {
  int32_t *y = (int32_t *)l.y + l.to;
  int32_t best = 0;
  double value = 0;
  for (int64_t i = 0; i < a->length; i++) {
    double v = dlm_load(l.x, a->x.type, l.from + i * l.step);
    if (i == 0 || (value == value && (v != v || (a->option ? v > value : v < value)))) {
      best = (int32_t)i;
      value = v;
    }
    y[i * l.step] = best;
  }
}

typedef struct {
  double key;
  int64_t index;
} entry;

// Merges halves until all is in order; equal elements stay in theirs.
static entry *sort(entry *from, entry *other, int64_t n, int descending) {
  for (int64_t width = 1; width < n; width *= 2) {
    for (int64_t start = 0; start < n; start += 2 * width) {
      int64_t middle = start + width < n ? start + width : n;
      int64_t end = start + 2 * width < n ? start + 2 * width : n;
      int64_t i = start, j = middle;
      for (int64_t k = start; k < end; k++) {
        int right = i >= middle || (j < end && (descending ? exceeds(from[j].key, from[i].key)
                                                           : exceeds(from[i].key, from[j].key)));
        other[k] = right ? from[j++] : from[i++];
      }
    }
    entry *swapped = from;
    from = other;
    other = swapped;
  }
  return from;
}

static void order(const dlm_line *a, line l, char *scratch) {
  entry *entries = (entry *)scratch;
  for (int64_t i = 0; i < a->length; i++)
    entries[i] = (entry){dlm_load(l.x, a->x.type, l.from + i * l.step), i};
  entry *sorted = sort(entries, entries + a->length, a->length, a->option);
  int32_t *y = (int32_t *)l.y + l.to;
  for (int64_t i = 0; i < a->length; i++) y[i * l.step] = (int32_t)sorted[i].index;
}

static void take(const dlm_line *a, line l) {
  size_t size = (size_t)dlm_type_size(a->x.type);
  for (int64_t i = 0; i < a->count; i++) {
    int64_t place = l.index[l.to + i * l.step];
    memcpy(l.y + (l.to + i * l.step) * size, l.x + (l.from + place * l.step) * size, size);
  }
}

#define PUT(type)                                                                      \
  {                                                                                    \
    const type *x = (const type *)l.x + l.to;                                          \
    type *y = (type *)l.y + l.from;                                                    \
    for (int64_t i = 0; i < a->length; i++) y[i * l.step] = 0;                         \
    for (int64_t i = 0; i < a->count; i++) y[index[i * l.step] * l.step] += x[i * l.step]; \
    break;                                                                             \
  }

static void put(const dlm_line *a, line l) {
  const int32_t *index = l.index + l.to;
  switch (a->x.type) {
    case dlm_f32: PUT(float)
    case dlm_f64: PUT(double)
    case dlm_i32: PUT(int32_t)
    case dlm_i64: PUT(int64_t)
    case dlm_u8:
    case dlm_bool: PUT(uint8_t)
    case dlm_f16:
    case dlm_bf16: break;
  }
}

void dlm_line_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  const dlm_line *a = arguments;
  line l = {.x = dlm_at(run, &a->x), .y = dlm_at(run, &a->y), .step = a->inner};
  if (a->kind == dlm_line_take || a->kind == dlm_line_put)
    l.index = (const int32_t *)dlm_at(run, &a->index);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t p = unit / a->inner, q = unit % a->inner;
    l.from = p * a->length * a->inner + q;
    l.to = p * a->count * a->inner + q;
    switch (a->kind) {
      case dlm_line_cumulate: cumulate(a, l); break;
      case dlm_line_running: running(a, l); break;
      case dlm_line_order: order(a, l, scratch); break;
      case dlm_line_take: take(a, l); break;
      case dlm_line_put: put(a, l); break;
    }
  }
}

void dlm_triangle_run(const void *arguments, dlm_run *run, int64_t begin, int64_t end, char *scratch) {
  (void)scratch;
  const dlm_triangle *a = arguments;
  const char *x = dlm_at(run, &a->x);
  char *y = dlm_at(run, &a->y);
  for (int64_t row = begin; row < end; row++) {
    int64_t kept = row % a->m + a->diagonal + 1;
    kept = (kept < 0 ? 0 : kept > a->n ? a->n : kept) * a->size;
    int64_t at = row * a->n * a->size;
    memmove(y + at, x + at, (size_t)kept);
    memset(y + at + kept, 0, (size_t)(a->n * a->size - kept));
  }
}
