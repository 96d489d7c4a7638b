// 16 * 2^i at turn i, sizes halved: 64 -> 32 -> 16 -> 8.
layer Trunk(n: int)(x: real[B, 3, 64, 64]) -> real[B, 16 * 2^(n - 1), _, _] {
    var h = x
    repeat i in 0..<n { h = h |> Conv(16 * 2^i, k: 4, stride: 2, pad: 1) |> relu }
    h
}
expect sum(0 * Trunk(3)(ones[1, 3, 64, 64])) == 0
