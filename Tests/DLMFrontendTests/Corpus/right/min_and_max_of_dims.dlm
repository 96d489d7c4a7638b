// Overlap of two lengths that are numbers.
dim N = 7, M = 5
let a = ones[N], b = ones[M]
print a[0..<M] * b
// Of lengths and of settings, in types and in bodies.
layer Overlap(x: real[B, S, D], y: real[B, T, D]) -> real[B, min(S, T), D] {
    x[.., 0..<min(S, T), ..] * y[.., 0..<min(S, T), ..]
}
layer Narrow(n: int)(x: real[B, D]) -> real[B, max(n, 2)] {
    x |> Linear(min(n, 64)) |> relu |> Linear(max(n, 2))
}
print Overlap()(ones[1, 3, 2], ones[1, 4, 2]), Narrow(1)(ones[1, 3]), max(3, 4), min([3.0, 4.0])
