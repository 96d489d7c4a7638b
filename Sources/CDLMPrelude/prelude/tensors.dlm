/// Logarithm of the sum of exponentials along some axes, which go: `[A, B]` over B gives `[A]`. No
/// finite input overflows.
/// Source: definition.
/// ```dlm
/// print logsumexp([1000.0, 1000.0], over: 0)
/// //> 1000.69
/// ```
fn logsumexp(x: real[...S], over: axes) {
    let top = stop_gradient(max(x, over: over, keep: true))
    let finite = select(abs(top) < inf, top, 0)
    log(sum(exp(x - finite), over: over)) + sum(finite, over: over)
}

/// Mean squared distance from the mean along some axes, which go: `[A, B]` over B gives `[A]`.
/// `unbiased` divides by one less than the number of elements.
/// Source: definition.
/// ```dlm
/// print variance([1.0, 2.0, 3.0], over: 0), variance([1.0, 2.0, 3.0], over: 0, unbiased: true)
/// //> 0.66667 1
/// ```
fn variance(x: real[...S], over: axes, unbiased: bool = false) {
    let d = x - mean(x, over: over, keep: true)
    sum(d^2, over: over) / (unbiased ? count(x, over: over) - 1 : count(x, over: over))
}

/// Square root of the variance along some axes, which go: `[A, B]` over B gives `[A]`.
/// Source: definition.
/// ```dlm
/// print deviation([1.0, 3.0], over: 0)
/// //> 1
/// ```
fn deviation(x: real[...S], over: axes, unbiased: bool = false) {
    sqrt(variance(x, over: over, unbiased: unbiased))
}

/// The largest element so far along an axis.
/// Source: definition.
/// ```dlm
/// print cummax([1.0, 3.0, 2.0], over: 0)
/// //> [1, 3, 3]
/// ```
fn cummax(x: real[...S], over: axes = -1) -> real[...S] {
    take(x, running_argmax(x, over: over), over: over)
}

/// The smallest element so far along an axis.
/// Source: definition.
/// ```dlm
/// print cummin([3.0, 1.0, 2.0], over: 0)
/// //> [3, 1, 1]
/// ```
fn cummin(x: real[...S], over: axes = -1) -> real[...S] {
    take(x, running_argmin(x, over: over), over: over)
}

/// The elements in order along an axis, smallest first unless `descending`; a NaN is the largest.
/// Source: definition.
/// ```dlm
/// print sort([3.0, 1.0, 2.0])
/// //> [1, 2, 3]
/// ```
fn sort(x: real[...S], over: axes = -1, descending: bool = false) -> real[...S] {
    take(x, argsort(x, over: over, descending: descending), over: over)
}

/// The `k` largest elements along an axis, largest first, and their places: `(values, places)`,
/// both `[A, k]` for `[A, B]` over B.
/// Source: definition.
/// ```dlm
/// let (values, places) = top(2, [0.1, 0.7, 0.2])
/// print values, places
/// //> [0.7, 0.2] [1, 2]
/// ```
fn top(k: int, x: real[...S], over: axes = -1) {
    let places = part(argsort(x, over: over, descending: true), 0..<k, over: over)
    (take(x, places, over: over), places)
}

/// Each element with probability `p` 1, else 0.
/// Source: definition.
/// ```dlm
/// print bernoulli([0.0, 1.0])
/// //> [0, 1]
/// ```
fn bernoulli(p: real[...S]) -> real[...S] { real(uniform like p < p) }

/// One class for each row, drawn with the probabilities that the scores of the last axis say.
///
/// The largest of the scores, each with noise of the Gumbel distribution, falls on each class with
/// its probability.
/// Source: Gumbel 1954; Maddison, Tarlow and Minka 2014, https://arxiv.org/abs/1411.0030
/// ```dlm
/// print categorical([[0.0, 100.0]])
/// //> [1]
/// ```
fn categorical(score: logit[...S, K]) -> index(K)[...S] {
    argmax(score - log(-log(uniform like score)), over: -1)
}

/// The numbers 0 to n - 1 in random order.
/// Source: definition.
/// ```dlm
/// print sum(permutation(5))
/// //> 10
/// ```
fn permutation(n: int) -> index(n)[n] { argsort(uniform[n]) }

/// Tangent of each element, in radians.
/// Source: definition.
/// ```dlm
/// print tan([0.0, 0.5])
/// //> [0, 0.5463]
/// ```
fn tan(x: real[...S]) -> real[...S] { sin(x) / cos(x) }

/// The angle whose tangent each element is, in radians.
/// Source: definition.
/// ```dlm
/// print atan([0.0, 1.0])
/// //> [0, 0.7854]
/// ```
fn atan(x: real[...S]) -> real[...S] { atan2(x, 1) }

/// The angle whose sine each element is, in radians; NaN outside -1 to 1.
/// Source: definition.
/// ```dlm
/// print asin([0.0, 1.0])
/// //> [0, 1.5708]
/// ```
fn asin(x: real[...S]) -> real[...S] { atan2(x, sqrt((1 - x) * (1 + x))) }

/// The angle whose cosine each element is, in radians; NaN outside -1 to 1.
/// Source: definition.
/// ```dlm
/// print acos([0.0, 1.0])
/// //> [1.5708, 0]
/// ```
fn acos(x: real[...S]) -> real[...S] { atan2(sqrt((1 - x) * (1 + x)), x) }

/// Hyperbolic sine of each element.
/// Source: definition.
/// ```dlm
/// print sinh([0.0, 1.0])
/// //> [0, 1.1752]
/// ```
fn sinh(x: real[...S]) -> real[...S] { (expm1(x) - expm1(-x)) / 2 }

/// Hyperbolic cosine of each element.
/// Source: definition.
/// ```dlm
/// print cosh([0.0, 1.0])
/// //> [1, 1.54308]
/// ```
fn cosh(x: real[...S]) -> real[...S] { (exp(x) + exp(-x)) / 2 }

/// Logarithm to the base 2.
/// Source: definition.
/// ```dlm
/// print log2([1.0, 8.0])
/// //> [0, 3]
/// ```
fn log2(x: real[...S]) -> real[...S] { log(x) * (1 / log(2)) }

/// Logarithm to the base 10.
/// Source: definition.
/// ```dlm
/// print log10([1.0, 100.0])
/// //> [0, 2]
/// ```
fn log10(x: real[...S]) -> real[...S] { log(x) * (1 / log(10)) }

/// Derivative of `lgamma`.
/// Source: definition.
/// ```dlm
/// print digamma([1.0, 2.0])
/// //> [-0.57722, 0.42278]
/// ```
fn digamma(x: real[...S]) -> real[...S] { polygamma(0, x) }

/// `x * log(y)`, and 0 where `x` is 0 whatever `y` is.
/// Source: definition.
/// ```dlm
/// print xlogy([0.0, 2.0], [0.0, 1.0])
/// //> [0, 0]
/// let x = [0.0, 1.0]
/// print grad(sum(xlogy(x, [0.5, 2.0])), wrt: x)
/// //> [-0.69315, 0.69315]
/// ```
fn xlogy(x: real[...S], y: real[...S]) -> real[...S] {
    // Where the logarithm is a number it stays: the gradient at `x = 0` is that number.
    let safe = select(y > 0, select(y < inf, y, 1), 1)
    x * log(select(x == 0, safe, y))
}

/// The part of each matrix on and above its diagonal, or the one `diagonal` places to its right.
/// Source: definition.
/// ```dlm
/// print upper([[1.0, 2.0], [3.0, 4.0]])
/// //> [[1, 2],
/// //>  [0, 4]]
/// ```
fn upper(a: real[...S, M, N], diagonal: int = 0) -> real[...S, M, N] {
    lower(a.T, diagonal: 0 - diagonal).T
}

/// The matrix of ones on the diagonal and zeros elsewhere.
/// Source: definition.
/// ```dlm
/// print identity(2)
/// //> [[1, 0],
/// //>  [0, 1]]
/// ```
fn identity(n: int) -> real[n, n] { real(one_hot(positions(n))) }

/// The diagonal of each square matrix.
/// Source: definition.
/// ```dlm
/// print diagonal([[1.0, 2.0], [3.0, 4.0]])
/// //> [1, 4]
/// ```
fn diagonal(a: real[...S, N, N]) -> real[...S, N] { sum(a * identity(N), over: -1) }

/// Sum of the diagonal of each square matrix.
/// Source: definition.
/// ```dlm
/// print trace([[1.0, 2.0], [3.0, 4.0]])
/// //> 5
/// ```
fn trace(a: real[...S, N, N]) -> real[...S] { sum(diagonal(a), over: -1) }

/// `a = q @ r`: q with orthonormal columns, r upper with no negative number on its diagonal. `a`
/// has at least as many rows as columns: `[M, N]` gives `[M, N]` and `[N, N]`.
/// Source: definition.
/// ```dlm
/// let (q, r) = qr([[3.0, 1.0], [4.0, 2.0]])
/// print q @ r
/// //> [[3, 1],
/// //>  [4, 2]]
/// ```
fn qr(a: real[...S, M, N]) { (orthogonal(a), triangular(a)) }

/// Eigenvalues of symmetric matrices, ascending, and their vectors as columns: `(values, vectors)`,
/// `[N]` and `[N, N]`.
/// Source: definition.
/// ```dlm
/// let (values, vectors) = eigen([[2.0, 1.0], [1.0, 2.0]])
/// print values
/// //> [1, 3]
/// ```
fn eigen(a: real[...S, N, N]) { (eigenvalues(a), eigenvectors(a)) }

/// The real numbers of length `n` whose Fourier transform has the parts `z`: undoes `fourier`.
/// Source: definition.
/// ```dlm
/// print fourier_inverse(fourier([1.0, 2.0, 3.0]), 3)
/// //> [1, 2, 3]
/// ```
fn fourier_inverse(z: real[...S, M, 2], n: int) -> real[...S, n] {
    let k = positions(M)
    let weight = select(k == 0, 1, select(k * 2 == n, 1, 2)) / n
    fourier_adjoint(z * weight[.., new], length: n)
}

/// Power at each frequency, in windows of `size` samples that start every `step`, weighted by Hann.
///
/// `x: real[B, T]`; the result is `[B, windows, size div 2 + 1]`.
/// Source: Blackman and Tukey 1958, The measurement of power spectra.
/// ```dlm
/// print spectrogram(ones[1, 8], 4, 2)
/// //> [[[4, 1, 1.49976e-32],
/// //>   [4, 1, 1.49976e-32],
/// //>   [4, 1, 1.49976e-32]]]
/// ```
fn spectrogram(x: real[B, T], size: int, step: int) {
    let starts = positions((T - size) div step + 1)
    let places = starts[.., new] * step + positions(size)[new, ..]
    let hann = 0.5 - 0.5 * cos(2 * pi * real(positions(size)) / size)
    sum(fourier(x[.., places] * hann)^2, over: -1)
}

/// Correlates each place of an image with weights of its own: a convolution that shares nothing.
/// Source: LeCun 1989, Generalization and network design strategies.
/// ```dlm
/// print convolve_local([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]], ones[1, 2, 1, 1, 2, 2])
/// //> [[[[12, 16]]]]
/// ```
fn convolve_local(
    x: real[N, C, H, W], w: real[P, Q, O, C, K, L], stride: int = 1, pad: int = 0
) -> real[N, O, P, Q] {
    let seen = unfold(x, k: [K, L], stride: stride, pad: pad)
    let rows = rearrange(seen, [N, C, P, Q, K, L] -> [(P Q), N, (C K L)])
    let weights = rearrange(w, [P, Q, O, C, K, L] -> [(P Q), (C K L), O])
    rearrange(rows @ weights, [(P Q), N, O] -> [N, O, P, Q])
}

/// Each element of one vector times each of the other: `[N]` and `[M]` give `[N, M]`.
/// Source: definition.
/// ```dlm
/// print outer([1.0, 2.0], [3.0, 4.0, 5.0])
/// //> [[3, 4, 5],
/// //>  [6, 8, 10]]
/// ```
fn outer(a: real[N], b: real[M]) -> real[N, M] { a[.., new] * b }
