// A body along an axis: running sums, a recurrent cell, gradients through time.
layer Running(x: real[B, T]) -> real[B, T] {
    scan xt in x over T, carry total = zeros[B] {
        total = total + xt
        emit total
    }
}
print [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]] |> Running()

layer Cell(n: int)(x: real[B, I], h: real[B, n]) -> real[B, n] {
    param w: real[n, I] = 0.1, u: real[n, n] = 0.2
    tanh(x @ w.T + h @ u.T)
}
layer Recurrent(n: int)(x: real[B, T, I]) -> real[B, T, n] {
    let cell = Cell(n)
    scan xt in x over T, carry h = zeros[B, n] {
        h = cell(xt, h)
        emit h
    }
}
let net = Recurrent(2)
let x = [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]
print net(x)
print grad(sum(net(x)), wrt: x)

//> [[1, 3, 6],
//>  [4, 9, 15]]
//> [[[0.29131, 0.29131],
//>   [0.67317, 0.67317],
//>   [0.87853, 0.87853]]]
//> [[[0.22672, 0.22672],
//>   [0.11935, 0.11935],
//>   [0.04564, 0.04564]]]
