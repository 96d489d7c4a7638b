// Two layers for each turn, all of width D.
layer Highway(depth: int)(x: real[B, D]) -> real[B, D] {
    var h = x
    repeat depth {
        let t = h |> Linear(D) |> sigmoid
        h = t * (h |> Linear(D) |> relu) + (1 - t) * h
    }
    h
}
print Highway(4)(ones[2, 6])
