// Indexing, slicing and reshaping keep what the numbers are.
layer Net(x: real[B, T, D]) -> logprob[B, 5] {
    let all = x |> Linear(5) |> log_softmax
    all[.., -1, ..]
}
let p = softmax(ones[4, 6])
print nll(log(p), index([0, 1, 2, 3], 6)), Net()(ones[2, 3, 4])
