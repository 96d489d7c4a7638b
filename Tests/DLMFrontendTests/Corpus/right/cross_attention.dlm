// Two lengths that never meet except in the scores.
layer Read(q: real[B, T, D], m: real[B, S, D]) -> real[B, T, D] {
    let s = dot(q |> Linear(D), m |> Linear(D), over: D) / sqrt(D)
    dot(softmax(s, over: S), m, over: S)
}
print Read()(ones[2, 3, 8], ones[2, 9, 8])
