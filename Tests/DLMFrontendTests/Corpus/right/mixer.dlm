layer Mixer(x: real[B, T, C]) -> real[B, T, C] {
    let y = x + (x |> LayerNorm() |> rearrange([B, T, C] -> [B, C, T]) |> Linear(64) |> gelu |> Linear(T) |> rearrange([B, C, T] -> [B, T, C]))
    y + (y |> LayerNorm() |> Linear(4 * C) |> gelu |> Linear(C))
}
