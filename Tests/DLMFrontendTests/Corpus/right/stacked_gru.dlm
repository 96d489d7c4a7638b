// Width n from the first layer on: the sum fits from there.
layer Deep(depth: int, n: int)(x: real[B, T, I]) -> real[B, n] {
    var h = x |> GRU(n)
    repeat depth - 1 { h = h + (h |> LayerNorm() |> GRU(n)) }
    h |> last(over: T)
}
print Deep(3, 8)(ones[2, 5, 4])
