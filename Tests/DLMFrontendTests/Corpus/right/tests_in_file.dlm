layer Softmaxed(x: real[B, D]) -> prob[B, 3] { x |> Linear(3) |> softmax }
let net = Softmaxed()
test "probabilities sum to one" {
    let p = net(ones[8, 4])
    expect sum(p, over: -1) ~= ones[8]
}
