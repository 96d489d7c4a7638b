layer Stages(x: real[B, 3, 64, 64]) -> real[B, 128] {
    var h = x
    repeat i in 0..<4 { h = h |> Conv(16 * 2^i, k: 3, stride: 2, pad: 1) |> relu }
    global_mean(h)
}
