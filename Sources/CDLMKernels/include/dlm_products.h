#pragma once

// Arguments of matrix products, convolutions and pooling. Included by dlm_kernels.h.

enum {
  /// Samples in the lanes of an image, at most.
  DLM_LANES_LIMIT = 64,
};

/// Copies a matrix into panels of `panel` rows (those of a tile, or its columns), `[batch][panels][k][panel]`,
/// zeros below the last row. Units are groups of `group` panels, of each `k_block` k.
typedef struct dlm_pack_rows {
  dlm_view source, target;
  /// Batch axes.
  int32_t rank;
  int64_t dims[DLM_RANK];
  int64_t m, k, row_stride, k_stride, panel, panels, group, k_block;
} dlm_pack_rows;

/// What is done with a second array and a finished sum: nothing; the sum becomes 0 where the array is not
/// above 0; or it is multiplied.
typedef enum dlm_factor : unsigned { dlm_no_factor, dlm_gate, dlm_multiply } dlm_factor;

/// `c[.., m, n] = sum over k of a[.., m, k] b[.., k, n]`, then the epilogue. c is dense along n.
/// Units are `[batch, row block, group of column panels]`.
typedef struct dlm_matmul {
  dlm_view a, b, c;
  /// Added to the sums, one after the other, dense along n, with strides for batch axes and rows; then the
  /// maximum with 0 where `relu`, and what `factor_kind` says of `factor`, which lies like an addend.
  dlm_view addends[2], factor;
  int32_t addend_count;
  dlm_factor factor_kind;
  int32_t rank;
  /// Whether b is copied into a panel first; else it is dense along n, or lies in panels already. Whether
  /// a unit copies its rows of a into panels first.
  int32_t pack, pack_a, relu;
  int64_t dims[DLM_RANK];
  int64_t m, n, k;
  /// Strides of a along rows and k, and from one panel of rows to the next where it lies in panels, else 0;
  /// of b along k and columns, and
  /// from one panel of columns to the next; of c along rows.
  int64_t am, ak, a_panel, bk, bn, b_panel, cm;
  /// Row blocks that differ by one panel at most, and the rows of the largest; columns of a unit (whole
  /// panels), and how many such blocks there are.
  int64_t row_block, row_blocks, column_block, column_blocks;
  /// Over the sums, index space `[batch, m, n]`; or null. Where `apart`, it writes where it reads something else,
  /// so that sums lie in the thread's scratch instead of in c.
  const dlm_map *epilogue;
  int32_t apart;
} dlm_matmul;

/// The valid taps of one output position along one axis: taps `first + j * tap_step` read positions
/// `source + j * source_step` for `j < count`.
typedef struct dlm_taps {
  int32_t first, count, tap_step, source, source_step;
} dlm_taps;

/// Copies weights into `[group][row block][taps][inputs][rows]`; units are row blocks.
typedef struct dlm_pack_weights {
  dlm_view source, target;
  int64_t groups, rows, inputs, kernel[3];
  /// Strides of the source along group, row, input and the three kernel axes (negative: flipped).
  int64_t group_stride, row_stride, input_stride, kernel_strides[3];
  /// Row blocks of a group, their sizes differing by at most one.
  int64_t row_blocks;
} dlm_pack_weights;

/// `y[n, p, r, :] = sum over taps, inputs of w x[n, source(p, tap), input, :]` with samples in lanes.
/// x `[blocks, ...in, channels, lanes]`, y `[blocks, ...out, outputs, lanes]`.
/// Units are `[block, out 0, out 1]`; in Winograd's form, for 3 x 3 taps one position apart and one group,
/// `[block, pair of out 1]`.
typedef struct dlm_convolve {
  dlm_view x, weights, y;
  int64_t blocks, lanes, in[3], out[3], kernel[3];
  int64_t groups, inputs, rows, row_blocks;
  /// Of Winograd's form only: how far before an output its first tap lies.
  int64_t low[3];
  const dlm_taps *taps[3];
  /// Whether taps and inputs of a row lie next to each other in x and in the packed weights.
  int32_t merged;
  const dlm_map *epilogue;
} dlm_convolve;

/// `sums[unit][group][k0, k1, c, k2][o] = sum over the unit's lines of dy[.., o, :] x[.., source, c, :]`,
/// outputs filled up to whole vectors. Units share the lines, `[block, out 0, out 1]`; in Winograd's form, for
/// 3 x 3 taps one position apart and one group, `[block, pair of out 1]`. Lanes of the last block behind the
/// last of `samples` are not read.
typedef struct dlm_convolve_weights {
  dlm_view x, dy, sums;
  int64_t samples, blocks, lanes, in[3], out[3], kernel[3];
  int64_t groups, inputs, rows, units;
  int64_t stride[3], low[3], dilation[3];
  /// Vectors of outputs and positions that are contracted together.
  int64_t vectors, strip;
} dlm_convolve_weights;

/// Windows of row-major images x `[n, channels, ...in]` as columns of a matrix, a row for each input and tap
/// (im2col), lines of windows `from` up to `to` of each sample and group; or, where `back`, its elements added to
/// where they come from, x being cleared first where `from` is 0.
/// Units are `[sample, group, band of inputs]`.
typedef struct dlm_windows {
  dlm_view x, matrix;
  int32_t back;
  int64_t groups, inputs, bands, in[3], out[3], kernel[3], stride[3], low[3], dilation[3];
  int64_t from, to;
  /// Floats of the matrix from one sample, group or row to the next.
  int64_t sample_step, group_step, row_step;
} dlm_windows;

typedef enum dlm_planes_kind : unsigned {
  dlm_planes_forward,
  dlm_planes_input,
  dlm_planes_weights,
} dlm_planes_kind;

/// Convolutions of row-major images `[samples, channels, ...in]` whose channels have one input and one output
/// each, `[samples, channels, ...out]`, with weights `[channels, ...size]`; of x and w, or one of their gradients.
/// Units are `[sample, channel]`; of the gradient in w, channels.
typedef struct dlm_planes {
  dlm_planes_kind kind;
  /// x, w, y; dy, w, dx; x, dy, dw.
  dlm_view first, second, result;
  int64_t samples, channels, in[2], out[2], size[2], stride[2], low[2], dilation[2];
  /// Lines of results at a time, a multiple of 8, and elements of a line, a multiple of a vector's; of the gradient
  /// in x, those of each remainder of a division by the strides.
  int64_t band, block;
} dlm_planes;

typedef enum dlm_pool_kind : unsigned {
  dlm_max_pool,
  dlm_max_pool_scatter,
  dlm_max_pool_gather,
  dlm_mean_pool,
  dlm_mean_pool_gradient,
} dlm_pool_kind;

/// Pooling of `[outer, ...in, run]` into `[outer, ...out, run]`, element-wise along `run`.
/// Units are `[outer, out 0, out 1]` where `by_rows`, else `[outer, chunk of run]`.
typedef struct dlm_pooling {
  dlm_pool_kind kind;
  /// Windows of different rows write different elements; a gradient's cover each element once.
  int32_t by_rows;
  /// x; dy or v; the result.
  dlm_view first, second, result;
  int64_t outer, run, chunk, in[3], out[3];
  int64_t size[3], stride[3], low[3], dilation[3];
  /// Row-major images only, whose run is 1: windows of a line at a time, a multiple of a vector's floats; else 0.
  int64_t block;
} dlm_pooling;

/// `o = softmax(scale q k.T) v`, for each of the heads over the batch axes: q `[m, d]`, k `[n, d]`,
/// v `[n, e]`. Where `mask` (base not negative; bytes, dense along keys) is not 0, a score is `hidden`.
/// `statistics` are, for each query, the largest score and the sum of e^(score - largest). Strides of views: those of the
/// batch axes, then rows and columns; the results are dense along columns. Units are `[head, share]`, `share`
/// queries each.
typedef struct dlm_attention {
  dlm_view q, k, v, mask, o, statistics;
  /// Of the gradient only.
  dlm_view dy, dq, dk, dv;
  int32_t rank;
  float scale, hidden;
  int64_t dims[DLM_RANK], m, n, d, e, share, shares;
  /// Floats from the sums for dk and dv of one share to those of the next.
  int64_t dk_share, dv_share;
} dlm_attention;
