/// A learned vector for each of `count` words; the vectors start with standard normal elements.
///
/// `ids: index(count)[...S]`, `w: real[count, n]`.
/// Source: Bengio et al. 2003, A neural probabilistic language model.
/// ```dlm
/// let e = Embedding(5, 2)(index([[0, 1, 1]], 5))
/// print e[0, 1] == e[0, 2]
/// //> [true, true]
/// ```
layer Embedding(count: int, n: int)(ids: index(count)[...S]) -> real[...S, n] {
    param w: real[count, n] = normal(0, 1)
    w[ids]
}

/// One step of an LSTM: `(h, c)` from the input and the `(h, c)` before.
///
/// `w: real[4n, I]`, `u: real[4n, n]`, `b: real[4n]`, uniform in `±1/sqrt(n)`; the gates in them
/// are input, forget, cell, output.
/// Source: Hochreiter and Schmidhuber 1997, Long short-term memory; Gers et al. 2000, Learning to
/// forget.
/// ```dlm
/// let (h, c) = LSTMCell(3)(zeros[2, 5], zeros[2, 3], zeros[2, 3])
/// print sum(h > 1), sum(c > 1)
/// //> 0 0
/// ```
layer LSTMCell(n: int)(x: real[B, I], h: real[B, n], c: real[B, n]) -> (real[B, n], real[B, n])
    where n >= 1 : "LSTM needs a width of at least 1, but got {n}"
{
    let r = 1 / sqrt(n)
    param w: real[4*n, I] = uniform(-r, r), u: real[4*n, n] = uniform(-r, r)
    param b: real[4*n] = uniform(-r, r)
    let (i, f, g, o) = chunk(x @ w.T + h @ u.T + b, 4)
    let next = sigmoid(f) * c + sigmoid(i) * tanh(g)
    (sigmoid(o) * tanh(next), next)
}

/// Long short-term memory along the time `T`: its output at every step.
/// Source: Hochreiter and Schmidhuber 1997, Long short-term memory.
/// ```dlm
/// print sum(LSTM(3)(zeros[2, 4, 5]) > 1)
/// //> 0
/// ```
layer LSTM(n: int)(x: real[B, T, I]) -> real[B, T, n]
    where n >= 1 : "LSTM needs a width of at least 1, but got {n}"
{
    let cell = LSTMCell(n)
    scan xt in x over T, carry (h, c) = (zeros[B, n], zeros[B, n]) {
        (h, c) = cell(xt, h, c)
        emit h
    }
}

/// One step of a gated recurrent unit.
///
/// Source: Cho et al. 2014, https://arxiv.org/abs/1406.1078, with the reset gate behind the
/// product.
/// ```dlm
/// print sum(GRUCell(3)(zeros[2, 5], zeros[2, 3]) > 1)
/// //> 0
/// ```
layer GRUCell(n: int)(x: real[B, I], h: real[B, n]) -> real[B, n]
    where n >= 1 : "GRU needs a width of at least 1, but got {n}"
{
    let r = 1 / sqrt(n)
    param w: real[3*n, I] = uniform(-r, r), u: real[3*n, n] = uniform(-r, r)
    param b: real[3*n] = uniform(-r, r), d: real[3*n] = uniform(-r, r)
    let (xr, xz, xn) = chunk(x @ w.T + b, 3)
    let (hr, hz, hn) = chunk(h @ u.T + d, 3)
    let z = sigmoid(xz + hz)
    (1 - z) * tanh(xn + sigmoid(xr + hr) * hn) + z * h
}

/// Gated recurrent units along the time `T`: their output at every step.
/// Source: Cho et al. 2014, https://arxiv.org/abs/1406.1078
/// ```dlm
/// print sum(GRU(3)(zeros[2, 4, 5]) > 1)
/// //> 0
/// ```
layer GRU(n: int)(x: real[B, T, I]) -> real[B, T, n]
    where n >= 1 : "GRU needs a width of at least 1, but got {n}"
{
    let cell = GRUCell(n)
    scan xt in x over T, carry h = zeros[B, n] {
        h = cell(xt, h)
        emit h
    }
}
