layer RBF(n: int)(x: real[B, D]) -> real[B, n] {
    param c: real[n, D] = normal(0, 1), s: real[n] = 1
    let d = sum((x[.., new, ..] - c)^2, over: -1)
    exp(-d / (2 * s^2))
}
layer Net(x: real[B, 2]) -> real[B, 1] { x |> RBF(10) |> Linear(1) }
