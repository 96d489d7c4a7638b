layer Cell(n: int)(x: real[B, I], h: real[B, n], c: real[B, n]) -> (real[B, n], real[B, n]) {
    let r = 1 / sqrt(n)
    param w: real[4*n, I] = uniform(-r, r), u: real[4*n, n] = uniform(-r, r), b: real[4*n] = 0
    let (i, f, g, o) = chunk(x @ w.T + h @ u.T + b, 4)
    let c2 = sigmoid(f) * c + sigmoid(i) * tanh(g)
    (sigmoid(o) * tanh(c2), c2)
}
layer Own(n: int)(x: real[B, T, I]) -> real[B, T, n] {
    let cell = Cell(n)
    scan xt in x over T, carry (h, c) = (zeros[B, n], zeros[B, n]) {
        (h, c) = cell(xt, h, c)
        emit h
    }
}
layer CharLM(v: int, n: int = 64, depth: int = 2)(ids: index(v)[B, T]) -> logit[B, T, v] {
    var h = ids |> Embedding(v, n)
    repeat depth { h = h |> Own(n) |> Dropout(0.2) }
    h |> Linear(v)
}
print CharLM(65)(index([[1, 2, 3], [4, 5, 6]], 65))
