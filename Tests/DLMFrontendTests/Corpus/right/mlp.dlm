layer MLP(widths: [int])(x: real[B, I]) -> real[B, _] {
    var h = x
    repeat (i, n) in widths {
        h = h |> Linear(n)
        if i < length(widths) - 1 { h = relu(h) }
    }
    h
}
let net = MLP([256, 128, 10])
let y = net(zeros[5, 784])
expect sum(y, over: 1) ~= sum(y, over: -1)
