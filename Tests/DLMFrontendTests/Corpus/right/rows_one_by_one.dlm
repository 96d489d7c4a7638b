// Rows that are tensors of their own, and lengths that are rounded up.
let first = index([0, 1, 1], 3), second = index([2, 0, 1], 3)
data d = rows(src: [first, second], shape: [ones[2, 2], zeros[2, 2]], y: [1.0, 2.0])
layer Halves(x: real[B, T, D]) -> real[B, ceil(T / 2), D] {
    let even = if T % 2 == 0 { x } else { concatenate(x, zeros[B, 1, D], over: 1) }
    dim H = ceil(T / 2)
    mean(reshape(even, [B, H, 2, D]), over: 2)
}
layer Clf(ids: index(3)[B, T]) -> real[B] {
    ids |> Embedding(3, 4) |> Halves() |> last(over: 1) |> Linear(1) |> squeeze(over: 1)
}
let clf = Clf()
train fit on d {
    batch 2
    epochs 2
    minimize mse(clf(src) + mean(shape, over: all but B), y) over clf with SGD(lr: 0.1)
}
