// The condition leaves enough for both strides.
layer Wave(x: real[B, 1, T]) -> logit[B, 4] where T >= 40 {
    x |> Conv(8, k: 8, stride: 4) |> relu |> Conv(16, k: 8, stride: 1) |> relu |> global_mean |> Linear(4)
}
print Wave()(ones[1, 1, 400])
