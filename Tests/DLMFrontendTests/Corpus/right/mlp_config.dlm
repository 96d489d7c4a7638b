// Defaults, names in any order.
layer MLP(hidden: int = 64, depth: int = 1, out: int)(x: real[B, D]) -> logit[B, out] {
    var h = x
    repeat depth { h = h |> Linear(hidden) |> relu }
    h |> Linear(out)
}
print MLP(out: 10)(ones[2, 8]), MLP(depth: 3, out: 2, hidden: 16)(ones[2, 8])
