// The list of widths forwards and backwards.
layer Mirror(widths: [int])(x: real[B, D]) -> real[B, D] {
    var h = x
    repeat n in widths { h = h |> Linear(n) |> relu }
    repeat i in 1..<length(widths) { h = h |> Linear(widths[length(widths) - 1 - i]) |> relu }
    h |> Linear(D)
}
print Mirror([64, 32, 8])(ones[2, 100])
