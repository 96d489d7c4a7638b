// The sum takes N away, whatever its length.
layer Sets(x: real[B, N, D]) -> real[B, 4] { sum(x |> Linear(16) |> relu, over: N) |> Linear(4) }
print Sets()(ones[2, 5, 3]), Sets()(ones[2, 9, 3])
