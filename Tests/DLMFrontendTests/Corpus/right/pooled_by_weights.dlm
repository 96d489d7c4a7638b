// Attention pooling: one weight for each place, a sum over time.
layer Pool(x: real[B, T, D]) -> real[B, D] {
    let a = softmax(x |> Linear(1) |> squeeze(over: 2), over: T)
    sum(a[.., new] * x, over: T)
}
print Pool()(ones[2, 5, 3])
