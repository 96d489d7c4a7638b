// real() forgets a kind on purpose: a probability as a feature.
layer Cascade(x: real[B, D]) -> logit[B, 3] {
    let first = x |> Linear(3) |> softmax
    concatenate(x, real(first), over: 1) |> Linear(3)
}
data d = rows(x: [[1.0, 2.0]], y: index([1], 3))
let net = Cascade()
train t on d {
    batch 1
    minimize cross_entropy(net(x), y) over net with SGD(lr: 0.1)
}
