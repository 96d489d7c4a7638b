/// Plain recurrence along the time `T`: `h = tanh(x w + h u + b)`, its output at every step.
///
/// `w: real[n, I]`, `u: real[n, n]`, `b: real[n]`, uniform in `±1/sqrt(n)`.
/// Source: Elman 1990, Finding structure in time.
/// ```dlm
/// print sum(RNN(3)(zeros[2, 4, 5]) > 1)
/// //> 0
/// ```
layer RNN(n: int)(x: real[B, T, I]) -> real[B, T, n]
    where n >= 1 : "RNN needs a width of at least 1, but got {n}"
{
    let r = 1 / sqrt(n)
    param w: real[n, I] = uniform(-r, r)
    param u: real[n, n] = uniform(-r, r), b: real[n] = uniform(-r, r)
    let seen = x @ w.T + b
    scan xt in seen over T, carry h = zeros[B, n] {
        h = tanh(xt + h @ u.T)
        emit h
    }
}

/// What `inner` makes of a sequence and of the same from its end, side by side. Each direction has
/// its own weights.
///
/// `x: real[B, T, I]`: `Bidirectional(fn (x) { x |> LSTM(8) })` gives `real[B, T, 16]`.
/// Source: Schuster and Paliwal 1997, Bidirectional recurrent neural networks.
/// ```dlm
/// print sum(Bidirectional(fn (x) { x |> GRU(3) })(zeros[2, 4, 5]) > 1)
/// //> 0
/// ```
layer Bidirectional(inner: fn)(x: real[B, T, I]) -> real[B, T, _] {
    var ahead = x, back = x
    repeat i in 0..<2 {
        if i == 0 { ahead = inner(x) } else { back = flip(inner(flip(x, over: 1)), over: 1) }
    }
    concatenate(ahead, back, over: -1)
}

/// Recurrent layers one above the other, with dropout between them: `inner` makes one of them.
///
/// `x: real[B, T, I]`: `Stacked(2, fn (x) { x |> LSTM(8) })`.
/// Source: Graves, Mohamed and Hinton 2013, https://arxiv.org/abs/1303.5778
/// ```dlm
/// print sum(Stacked(2, fn (x) { x |> GRU(3) })(zeros[2, 4, 5]) > 1)
/// //> 0
/// ```
layer Stacked(depth: int, inner: fn, dropout: real = 0)(x: real[B, T, I]) -> real[B, T, _]
    where depth >= 1 : "Stacked needs at least 1 layer, but got {depth}"
{
    var h = x
    repeat i in 0..<depth { h = inner(i == 0 ? h : Dropout(dropout)(h)) }
    h
}
