layer MoE(n: int, d: int)(x: real[B, I]) -> real[B, d] {
    let gates = x |> Linear(n) |> softmax
    var out = zeros[B, d]
    repeat i in 0..<n {
        out = out + gates[.., i, new] * (x |> Linear(d) |> relu)
    }
    out
}
