/// `bool[T, T]`: whether a place may see another, itself and those before it.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
/// ```dlm
/// print causal(3)
/// //> [[true, false, false],
/// //>  [true, true, false],
/// //>  [true, true, true]]
/// ```
fn causal(t: int) { lower(ones[t, t]) > 0 }

/// Adds to each place of a sequence sines and cosines of its position.
///
/// `x: real[B, T, D]`.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
/// ```dlm
/// print Positions()(zeros[1, 2, 4])
/// //> [[[0, 1, 0, 1],
/// //>   [0.84147, 0.5403, 0.01, 0.99995]]]
/// ```
layer Positions()(x: real[B, T, D]) -> real[B, T, D] where D % 2 == 0 {
    dim K = D / 2
    let rate = exp(positions(K) * (-log(10000.0) * 2 / D))
    let angle = reshape(real(positions(T)), [T, 1]) * rate
    x + reshape(stack(sin(angle), cos(angle), over: 2), [T, D])
}

/// Adds to each place of a sequence a learned vector; there are `most` of them.
///
/// `x: real[B, T, D]`, `w: real[most, D]`, from a normal distribution of deviation 0.02.
/// Source: Gehring et al. 2017, https://arxiv.org/abs/1705.03122
/// ```dlm
/// print LearnedPositions(4)(zeros[1, 2, 3]) * 0
/// //> [[[0, 0, 0],
/// //>   [0, 0, 0]]]
/// ```
layer LearnedPositions(most: int)(x: real[B, T, D]) -> real[B, T, D]
    where T <= most : "LearnedPositions has vectors for {most} places, but the sequence has {T}"
{
    param w: real[most, D] = normal(0, 0.02)
    x + w[0..<T]
}

/// Turns pairs of features by an angle that grows with the position, so that products depend on
/// distances.
///
/// `x: real[...S, T, D]`: queries or keys; feature i goes with feature `i + D/2`.
/// Source: Su et al. 2021, https://arxiv.org/abs/2104.09864
/// ```dlm
/// print rotary([[1.0, 0.0], [1.0, 0.0]])
/// //> [[1, 0],
/// //>  [0.5403, 0.84147]]
/// ```
fn rotary(x: real[...S, T, D], base: real = 10000) -> real[...S, T, D] where D % 2 == 0 {
    dim K = D / 2
    let rate = exp(positions(K) * (-log(base) * 2 / D))
    let angle = reshape(real(positions(T)), [T, 1]) * rate
    let (a, b) = chunk(x, 2)
    concatenate(a * cos(angle) - b * sin(angle), b * cos(angle) + a * sin(angle), over: -1)
}

/// Multi-head attention of `q` to `m`; where `mask` is false a place is not seen.
///
/// `q: real[B, T, D]`, `m: real[B, S, D]`, `mask: bool[T, S]`. `Attention(8)(x, x, causal(T))` is
/// that of a language model, `Attention(8)(x, memory)` that of a decoder to its encoder. With
/// `turned` the queries and keys are `rotary`.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
/// ```dlm
/// let x = ones[1, 3, 4]
/// print sum(Attention(2)(x, x, causal(3))) * 0
/// //> 0
/// ```
layer Attention(heads: int, dropout: real = 0, turned: bool = false)
               (q: real[B, T, D], m: real[B, S, D], mask: bool[T, S]?) -> real[B, T, D]
    where D % heads == 0 :
        "Attention splits {D} features into {heads} heads, which does not divide them"
{
    dim K = D / heads
    let qh = q |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let kh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let vh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let all = dot(turned ? rotary(qh) : qh, turned ? rotary(kh) : kh, over: K) / sqrt(K)
    let seen = if let visible = mask { fill(all, -1e9, where: not visible) } else { all }
    let a = softmax(seen, over: S) |> Dropout(dropout)
    dot(a, vh, over: S) |> rearrange([B, heads, T, K] -> [B, T, (heads K)]) |> Linear(D)
}

/// Attention whose scores are a small network of query and place: `v . tanh(q w + m u)`.
///
/// `q: real[B, T, D]`, `m: real[B, S, E]`; the result is `real[B, T, E]`. `n` units are in between.
/// Source: Bahdanau, Cho and Bengio 2014, https://arxiv.org/abs/1409.0473
/// ```dlm
/// print AdditiveAttention(4)(ones[1, 2, 3], ones[1, 5, 6])[0, 0]
/// //> [1, 1, 1, 1, 1, 1]
/// ```
layer AdditiveAttention(n: int)(q: real[B, T, D], m: real[B, S, E]) -> real[B, T, E] {
    let a = reshape(Linear(n, bias: false)(q), [B, T, 1, n])
    let b = reshape(Linear(n)(m), [B, 1, S, n])
    let score = squeeze(Linear(1, bias: false)(tanh(a + b)), over: -1)
    softmax(score, over: -1) @ m
}

/// A block of an encoder, or of a language model with `mask: causal(T)`: attention and two layers
/// of `ff` and D units, each behind a norm and around a residual.
///
/// `x: real[B, T, D]`.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762; Xiong et al. 2020,
/// https://arxiv.org/abs/2002.04745
/// ```dlm
/// print sum(TransformerBlock(2, ff: 8)(ones[1, 3, 4], causal(3))) * 0
/// //> 0
/// ```
layer TransformerBlock(heads: int, ff: int, dropout: real = 0, turned: bool = false)
                      (x: real[B, T, D], mask: bool[T, T]?) -> real[B, T, D] {
    let n = LayerNorm()(x)
    let h = x + (Attention(heads, dropout, turned)(n, n, mask) |> Dropout(dropout))
    h + (h |> LayerNorm() |> Linear(ff) |> gelu |> Linear(D) |> Dropout(dropout))
}

/// A block of a decoder: attention to the places before, then to the memory `m` of an encoder, then
/// two layers.
///
/// `x: real[B, T, D]`, `m: real[B, S, D]`.
/// Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
/// ```dlm
/// print sum(DecoderBlock(2, ff: 8)(ones[1, 3, 4], ones[1, 5, 4])) * 0
/// //> 0
/// ```
layer DecoderBlock(heads: int, ff: int, dropout: real = 0)(
    x: real[B, T, D], m: real[B, S, D]
) -> real[B, T, D] {
    let n = LayerNorm()(x)
    let own = x + (Attention(heads, dropout)(n, n, causal(T)) |> Dropout(dropout))
    let both = own + (Attention(heads, dropout)(LayerNorm()(own), m) |> Dropout(dropout))
    both + (both |> LayerNorm() |> Linear(ff) |> gelu |> Linear(D) |> Dropout(dropout))
}

/// Looks into a memory several times, each time with what it has found:
/// `u + softmax(u . keys) values`.
///
/// `u: real[B, D]`, `keys: real[B, S, D]`, `values: real[B, S, D]`.
/// Source: Sukhbaatar et al. 2015, https://arxiv.org/abs/1503.08895
/// ```dlm
/// print MemoryHops(3)(ones[1, 2], ones[1, 4, 2], zeros[1, 4, 2])
/// //> [[1, 1]]
/// ```
layer MemoryHops(hops: int)(
    u: real[B, D], keys: real[B, S, D], values: real[B, S, D]
) -> real[B, D] {
    var found = u
    repeat hops {
        let seen = softmax((keys @ reshape(found, [B, D, 1]))[.., .., 0], over: -1)
        found = found + (reshape(seen, [B, 1, S]) @ values)[.., 0, ..]
    }
    found
}

/// An end-to-end memory network: sentences as bags of words are a memory, into which a question
/// looks `hops` times.
///
/// `story: index(V)[B, S, W]`, `question: index(V)[B, Q]`; each sentence has a vector for its age.
/// Source: Sukhbaatar et al. 2015, https://arxiv.org/abs/1503.08895
/// ```dlm
/// print MemoryNetwork(5, 4)(index([[[0, 1], [2, 3]]], 5), index([[4, 1]], 5)) * 0
/// //> [[0, 0, 0, 0, 0]]
/// ```
layer MemoryNetwork(V: int, n: int, hops: int = 3)(
    story: index(V)[B, S, W], question: index(V)[B, Q]
) -> logit[B, V] {
    param age: real[S, n] = normal(0, 0.1)
    let keys = sum(Embedding(V, n)(story), over: 2) + age
    let values = sum(Embedding(V, n)(story), over: 2)
    sum(Embedding(V, n)(question), over: 1)
        |> MemoryHops(hops)(keys, values)
        |> Linear(V, bias: false)
}
