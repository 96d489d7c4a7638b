/// Adds what comes in to what `inner` makes of it; the shapes must be the same.
/// Source: He et al. 2015, https://arxiv.org/abs/1512.03385
/// ```dlm
/// print sum(Residual(fn (h) { 0 * h })(ones[2, 3]))
/// //> 6
/// ```
layer Residual(inner: fn)(x: real[...S]) -> real[...S] { x + inner(x) }

/// Lets each element through or replaces it by a transformed one, as a gate decides. The gate
/// starts mostly shut.
/// Source: Srivastava, Greff and Schmidhuber 2015, https://arxiv.org/abs/1505.00387
/// ```dlm
/// print Highway()(ones[2, 3]) * 0
/// //> [[0, 0, 0],
/// //>  [0, 0, 0]]
/// ```
layer Highway()(x: real[B, D]) -> real[B, D] {
    let gate = sigmoid(Linear(D)(x) - 2)
    gate * relu(Linear(D)(x)) + (1 - gate) * x
}

/// Windows of 1, 3 and 5 and a pool side by side; the wide ones see fewer channels first.
///
/// `x: real[B, C, H, W]`; the numbers of channels are those of Szegedy's table, in its order.
/// Source: Szegedy et al. 2014, https://arxiv.org/abs/1409.4842
/// ```dlm
/// print Inception(4, 2, 8, 1, 2, 2)(ones[1, 3, 6, 6])[0, 0, 0, 0] * 0
/// //> 0
/// ```
layer Inception(one: int, before3: int, three: int, before5: int, five: int, pool: int)
               (x: real[B, C, H, W]) -> real[B, one + three + five + pool, H, W] {
    let a = x |> Conv(one, k: 1) |> relu
    let b = x |> Conv(before3, k: 1) |> relu |> Conv(three, k: 3, pad: 1) |> relu
    let c = x |> Conv(before5, k: 1) |> relu |> Conv(five, k: 5, pad: 2) |> relu
    let d = x |> MaxPool(3, stride: 1, pad: 1) |> Conv(pool, k: 1) |> relu
    concatenate(a, b, c, d, over: 1)
}

/// Weighs channels by what all of them are on average, through `C / ratio` units.
/// Source: Hu, Shen and Sun 2017, https://arxiv.org/abs/1709.01507
/// ```dlm
/// print SqueezeExcite(ratio: 2)(zeros[1, 4, 2, 2])[0, 0, 0, 0]
/// //> 0
/// ```
layer SqueezeExcite(ratio: int = 16)(x: real[B, C, H, W]) -> real[B, C, H, W]
    where C % ratio == 0 : "SqueezeExcite cannot divide {C} channels by {ratio}"
{
    let w = x |> global_mean |> Linear(C / ratio) |> relu |> Linear(C) |> sigmoid
    x * reshape(w, [B, C, 1, 1])
}

/// The largest of `pieces` affine maps for each of `out` units.
///
/// `x: real[B, I]`.
/// Source: Goodfellow et al. 2013, https://arxiv.org/abs/1302.4389
/// ```dlm
/// print Maxout(2, pieces: 3)(ones[1, 4]) * 0
/// //> [[0, 0]]
/// ```
layer Maxout(out: int, pieces: int = 2)(x: real[B, I]) -> real[B, out] {
    max(reshape(Linear(out * pieces)(x), [B, out, pieces]), over: -1)
}

/// Keeps the `k` largest of the last axis and sets the others to 0.
/// Source: Makhzani and Frey 2013, https://arxiv.org/abs/1312.5663
/// ```dlm
/// print WinnerTakeAll(2)([[0.1, 0.9, 0.5]])
/// //> [[0, 0.9, 0.5]]
/// ```
layer WinnerTakeAll(k: int)(x: real[...S, D]) -> real[...S, D]
    where k >= 1 : "WinnerTakeAll needs at least 1 winner, but got {k}"
{
    // The smallest winner: what is left when larger ones have been taken away, one by one.
    var rest = stop_gradient(x)
    repeat k - 1 { rest = select(rest == max(rest, over: -1, keep: true), -inf, rest) }
    select(x >= max(rest, over: -1, keep: true), x, 0)
}

/// Experts of which each input is shown to the `chosen` that a gate prefers, weighted by the gate.
///
/// Each expert is two layers of `hidden` and D units. All are computed; those that are not chosen
/// count 0.
/// Source: Shazeer et al. 2017, https://arxiv.org/abs/1701.06538
/// ```dlm
/// print MixtureOfExperts(3, hidden: 4, chosen: 2)(ones[2, 5]) * 0
/// //> [[0, 0, 0, 0, 0],
/// //>  [0, 0, 0, 0, 0]]
/// ```
layer MixtureOfExperts(count: int, hidden: int, chosen: int = 2)(x: real[...S, D]) -> real[...S, D]
    where chosen >= 1,
        chosen <= count : "MixtureOfExperts cannot choose {chosen} of {count} experts"
{
    let score = Linear(count)(x)
    let least = stop_gradient(WinnerTakeAll(chosen)(exp(score - max(score, over: -1, keep: true))))
    let gate = softmax(select(least > 0, score, -1e9), over: -1)
    var out = 0 * x
    repeat i in 0..<count {
        let own = gate @ real(reshape(positions(count), [count, 1]) == i)
        out = out + own * (x |> Linear(hidden) |> relu |> Linear(D))
    }
    out
}
