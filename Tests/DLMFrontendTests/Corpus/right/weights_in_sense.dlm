// Clusters that are weights of their members, sums that are divided by what they add up to, a narrow layer
// between two wide ones: none of them is a slip.
layer Pool(k: int)(x: real[N, D]) -> real[k, D] {
    let s = x |> Linear(k) |> softmax
    s.T @ x
}
layer Slots(k: int)(x: real[B, N, D]) -> real[B, k, D] {
    param slots: real[k, D] = uniform(-1, 1)
    let a = softmax(dot(slots, x, over: D), over: 0)
    let share = a / sum(a, over: N, keep: true)
    rearrange(dot(share, x, over: N), [k, B, D] -> [B, k, D])
}
layer Narrow(x: real[B, 784]) -> logit[B, 10] { x |> Linear(8) |> Linear(784) |> relu |> Linear(10) }
layer Body(x: real[B, 784]) -> real[B, 64] { x |> Linear(128) |> relu |> Linear(64) }
let body = Body(), head = Linear(10), narrow = Narrow()
let x = normal[6, 784]
let y = index([0, 1, 2, 3, 4, 5], 10)
print cross_entropy(head(body(x)), y) + cross_entropy(narrow(x), y)
print sum(Pool(3)(x)), sum(Slots(2)(normal[2, 5, 4]))
