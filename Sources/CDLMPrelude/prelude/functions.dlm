/// All axes but the first as one: a sample becomes a vector.
/// Source: definition.
/// ```dlm
/// print flatten(ones[2, 3, 4])
/// //> [[1, 1, 1, ..., 1, 1, 1],
/// //>  [1, 1, 1, ..., 1, 1, 1]]
/// ```
fn flatten(x: any[B, ...S]) -> any[B, prod(S)] { reshape(x, [B, prod(S)]) }

/// Mean over every axis after the channel: `[B, C, ...S]` to `[B, C]`.
/// Source: Lin, Chen and Yan 2013, https://arxiv.org/abs/1312.4400
/// ```dlm
/// print global_mean(ones[2, 3, 4, 4])
/// //> [[1, 1, 1],
/// //>  [1, 1, 1]]
/// ```
fn global_mean(x: real[B, C, ...S]) -> real[B, C] { mean(reshape(x, [B, C, prod(S)]), over: -1) }

/// `a` where `t` is 0, `b` where it is 1, a straight line between.
/// Source: definition.
/// ```dlm
/// print lerp(1.0, 3.0, 0.25)
/// //> 1.5
/// ```
fn lerp(a: real[...S], b: real[...S], t: real) -> real[...S] { a + t * (b - a) }

/// Each element moved into `low..high`.
/// Source: definition.
/// ```dlm
/// print clamp([-1.0, 0.5, 2.0], 0, 1)
/// //> [0, 0.5, 1]
/// ```
fn clamp(x: real[...S], low: real, high: real) -> real[...S]
    where low <= high : "`clamp` needs its lower end first, but these are {low} and {high}"
{
    minimum(maximum(x, low), high)
}

/// Length of the vectors along some axes, which go. A vector of zeros gets a gradient of zeros.
///
/// `p` is the power whose root is taken: 2 for the length as it is measured, 1 for the sum of the
/// absolute values, `inf` for the largest of them.
/// Source: definition.
/// ```dlm
/// print norm([[3.0, 4.0]], over: 1)
/// //> [5]
/// ```
fn norm(x: real[...S], over: axes, p: real = 2) {
    if p == 2 {
        let square = sum(x^2, over: over)
        sqrt(select(square > 0, square, 1)) * real(square > 0)
    } else {
        if p == inf { max(abs(x), over: over) } else { sum(abs(x)^p, over: over)^(1 / p) }
    }
}

/// `x` with `value` at the places where `where` is true.
/// Source: definition.
/// ```dlm
/// print fill([1.0, 2.0], 0.0, where: [1.0, 2.0] > 1.5)
/// //> [1, 0]
/// ```
fn fill(x: real[...S], value: real, where: bool[...]) { select(where, value, x) }

/// Names of a file of PyTorch as the layers here have them: behind `rename`.
/// Source: definition.
/// ```dlm
/// print torch("fc.weight")
/// //> fc.w
/// ```
fn torch(name: string) { replace(replace(name, ".weight", ".w"), ".bias", ".b") }

/// Each image moved by up to `pad` places, at random, and cut to `n` by `n`; what comes in is 0.
///
/// `x: real[B, C, H, W]`. In `augment` it is called `crop`.
/// Source: Krizhevsky, Sutskever and Hinton 2012, ImageNet classification with deep networks.
/// ```dlm
/// print sum(random_crop(ones[2, 1, 4, 4], 4, pad: 1)) <= 32
/// //> true
/// ```
fn random_crop(x: real[B, C, H, W], n: int, pad: int = 0) -> real[B, C, n, n]
    where pad >= 0 : "the width of a border is not negative, but this is {pad}",
          n >= 1 : "a part of an image has at least 1 row and column, but this is {n}",
          H + 2*pad >= n : "{n} rows are more than the {H} of the image: `pad` adds some",
          W + 2*pad >= n : "{n} columns are more than the {W} of the image: `pad` adds some"
{
    let down = floor(uniform[B] * (H + 2*pad - n + 1)) - pad
    let right = floor(uniform[B] * (W + 2*pad - n + 1)) - pad
    let ahead = real(positions(n))[new, .., new]
    let rows = real(down[.., new, new] + ahead == real(positions(H))[new, new, ..])
    let columns = real(right[.., new, new] + ahead == real(positions(W))[new, new, ..])
    let cut = rows @ rearrange(x, [B, C, H, W] -> [B, H, (C W)])
    let turned = rearrange(cut, [B, n, (C W)] -> [B, W, (C n)])
    rearrange(columns @ turned, [B, m, (C n)] -> [B, C, n, m])
}

/// Each image, with probability `p`, as a mirror shows it: the last axis in the other order.
///
/// `x: real[B, C, H, W]`. In `augment` it is called `flip`.
/// Source: Krizhevsky, Sutskever and Hinton 2012, ImageNet classification with deep networks.
/// ```dlm
/// print random_flip([[[[1.0, 2.0]]]], p: 1)
/// //> [[[[2, 1]]]]
/// ```
fn random_flip(x: real[B, C, H, W], p: real = 0.5) -> real[B, C, H, W]
    where p >= 0 and p <= 1 : "a probability lies in 0..1, but this is {p}"
{
    select(uniform[B, 1, 1, 1] < p, flip(x, over: -1), x)
}
