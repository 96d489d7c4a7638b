layer Bi(n: int)(x: real[B, T, I]) -> real[B, T, 2*n] {
    let f = x |> LSTM(n)
    let b = flip(x, over: T) |> LSTM(n)
    concatenate(f, flip(b, over: T), over: -1)
}
