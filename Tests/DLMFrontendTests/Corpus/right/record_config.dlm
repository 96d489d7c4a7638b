let config = (width: 16, depth: 2, rate: 0.1)
layer Net(width: int, depth: int)(x: real[B, D]) -> real[B, 1] {
    var h = x
    repeat depth { h = h |> Linear(width) |> relu }
    h |> Linear(1)
}
let net = Net(config.width, config.depth)
print net(ones[2, 3])
