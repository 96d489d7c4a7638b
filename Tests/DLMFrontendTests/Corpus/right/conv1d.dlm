layer Wave(x: real[B, 1, T]) -> real[B, 16, (T - 9) div 4 + 1] where T >= 9 { x |> Conv(16, k: 9, stride: 4) }
layer Net(x: real[B, 1, 16000]) -> logit[B, 10] { x |> Wave() |> relu |> Conv(32, k: 9, stride: 4) |> relu |> global_mean |> Linear(10) }
