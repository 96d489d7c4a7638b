// The same cells read both ways.
layer Both(n: int)(x: real[B, T, I]) -> real[B, 2 * n] {
    let read = GRU(n)
    let f = read(x) |> last(over: T)
    let b = read(flip(x, over: T)) |> last(over: T)
    concatenate(f, b, over: 1)
}
print Both(4)(ones[2, 5, 3])
