/// All axes but the first as one: a sample becomes a vector.
/// ```
/// print flatten(ones[2, 3, 4])
/// ```
fn flatten(x: any[B, ...S]) -> any[B, prod(S)] { reshape(x, [B, prod(S)]) }

/// Mean over every axis after the channel: `[B, C, ...S]` to `[B, C]`.
/// ```
/// print global_mean(ones[2, 3, 4, 4])
/// ```
fn global_mean(x: real[B, C, ...S]) -> real[B, C] { mean(reshape(x, [B, C, prod(S)]), over: -1) }

/// `a` where `t` is 0, `b` where it is 1, a straight line between.
/// ```
/// print lerp(1.0, 3.0, 0.25)
/// ```
fn lerp(a: real[...S], b: real[...S], t: real) -> real[...S] { a + t * (b - a) }

/// Each element moved into `low..high`.
/// ```
/// print clamp([-1.0, 0.5, 2.0], 0, 1)
/// ```
fn clamp(x: real[...S], low: real, high: real) -> real[...S] { minimum(maximum(x, low), high) }

/// Length of the vectors along some axes, which go. A vector of zeros gets a gradient of zeros.
/// ```
/// print norm([[3.0, 4.0]], over: 1)
/// ```
fn norm(x: real[...S], over: axes) {
    let square = sum(x^2, over: over)
    sqrt(select(square > 0, square, 1)) * real(square > 0)
}

/// `x` with `value` at the places where `where` is true.
/// ```
/// print fill([1.0, 2.0], 0.0, where: [1.0, 2.0] > 1.5)
/// ```
fn fill(x: real[...S], value: real, where: bool[...]) { select(where, value, x) }

/// Names of a file of PyTorch as the layers here have them: behind `rename`.
/// ```
/// print torch("fc.weight")
/// ```
fn torch(name: string) { replace(replace(name, ".weight", ".w"), ".bias", ".b") }
