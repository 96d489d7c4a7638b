// A list of instances, each with its own weights.
layer Experts(n: int, d: int)(x: real[B, T, D]) -> real[B, T, d] {
    let gates = x |> Linear(n) |> softmax
    var out = zeros[B, T, d]
    repeat i in 0..<n { out = out + gates[.., .., i, new] * (x |> Linear(4 * d) |> gelu |> Linear(d)) }
    out
}
print Experts(3, 8)(ones[2, 5, 8])
