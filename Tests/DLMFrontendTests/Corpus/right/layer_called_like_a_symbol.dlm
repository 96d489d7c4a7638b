layer C(x: real[B, C, H, W]) -> real[B, C, H, W] { x |> Conv(C, k: 3, pad: 1) }
layer T(x: real[B, I]) -> real[B, 2] { x |> Linear(2) }
print C()(ones[1, 2, 4, 4])
print ones[1, 5, 3] |> RNN(4) |> last(over: 1) |> T()
