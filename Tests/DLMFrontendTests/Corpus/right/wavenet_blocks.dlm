// pad 1 with k 3 keeps T; two branches are multiplied.
layer Gate(c: int)(x: real[B, C, T]) -> real[B, c, T] {
    let f = x |> Conv(c, k: 3, pad: 1) |> tanh
    let g = x |> Conv(c, k: 3, pad: 1) |> sigmoid
    f * g
}
layer Net(x: real[B, 1, T]) -> real[B, 1, T] {
    var h = x |> Conv(8, k: 1)
    repeat 4 { h = h + (h |> Gate(8) |> Conv(8, k: 1)) }
    h |> relu |> Conv(1, k: 1)
}
print Net()(ones[1, 1, 50])
