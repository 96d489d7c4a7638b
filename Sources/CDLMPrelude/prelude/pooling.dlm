/// Largest element of each window of `k`, by default side by side.
///
/// What `pad` adds on both sides is never the largest; nor is, in front and on one side only,
/// `pad(low: 0, high: 1, over: -1, value: -inf)`.
/// Source: Zhou and Chellappa 1988, Computation of optical flow using a neural network.
/// ```dlm
/// print MaxPool(2)(ones[1, 1, 4, 4])
/// //> [[[[1, 1],
/// //>    [1, 1]]]]
/// ```
layer MaxPool(k: ints, stride: ints = k, pad: ints = 0)
             (x: real[B, C, ...S]) -> real[B, C, ...((S + 2*pad - k) div stride + 1)]
    where k >= 1 : "MaxPool needs windows of at least 1, but got {k}",
          stride >= 1 : "MaxPool needs a stride of at least 1, but got {stride}",
          pad >= 0 : "the width of a border is not negative, but this is {pad}",
          S + 2*pad >= k : "MaxPool({k}) needs every spatial size ≥ {k - 2*pad}, but got {S}"
{
    max_pool(x, k: k, stride: stride, pad: pad)
}

/// Mean of each window of `k`, by default side by side.
/// Source: LeCun et al. 1990, Handwritten digit recognition with a back-propagation network.
/// ```dlm
/// print MeanPool(2)(ones[1, 1, 4, 4])
/// //> [[[[1, 1],
/// //>    [1, 1]]]]
/// ```
layer MeanPool(k: ints, stride: ints = k, pad: ints = 0)
              (x: real[B, C, ...S]) -> real[B, C, ...((S + 2*pad - k) div stride + 1)]
    where k >= 1 : "MeanPool needs windows of at least 1, but got {k}",
          stride >= 1 : "MeanPool needs a stride of at least 1, but got {stride}",
          pad >= 0 : "the width of a border is not negative, but this is {pad}",
          S + 2*pad >= k : "MeanPool({k}) needs every spatial size ≥ {k - 2*pad}, but got {S}"
{
    mean_pool(x, k: k, stride: stride, pad: pad)
}

/// The spatial axes cut into `size` parts each, and the mean of each part: a result of one size
/// whatever the image.
///
/// `x: real[B, C, ...S]`; parts may overlap by one place. A number is the size of all axes.
/// Source: He et al. 2014, https://arxiv.org/abs/1406.4729
/// ```dlm
/// print AdaptiveMeanPool(2)([[[1.0, 2.0, 3.0, 4.0]]])
/// //> [[[1.5, 3.5]]]
/// ```
layer AdaptiveMeanPool(size: ints)(x: real[B, C, ...S]) -> real[B, C, ...size]
    where size >= 1 : "AdaptiveMeanPool needs at least 1 part, but got {size}"
{
    adaptive_mean_pool(x, [...size])
}

/// The spatial axes cut into `size` parts each, and the largest element of each part.
///
/// `x: real[B, C, ...S]`; parts may overlap by one place. A number is the size of all axes.
/// Source: He et al. 2014, https://arxiv.org/abs/1406.4729
/// ```dlm
/// print AdaptiveMaxPool(2)([[[1.0, 2.0, 3.0, 4.0]]])
/// //> [[[2, 4]]]
/// ```
layer AdaptiveMaxPool(size: ints)(x: real[B, C, ...S]) -> real[B, C, ...size]
    where size >= 1 : "AdaptiveMaxPool needs at least 1 part, but got {size}"
{
    adaptive_max_pool(x, [...size])
}
