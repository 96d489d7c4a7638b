// Widths that are those of the input: the second call of a layer makes the same layers as the first.
layer N(x: real[B, D]) -> real[B, D] { x + (x |> Linear(D) |> relu |> Linear(D)) }
let n = N()
let a = n(ones[2, 8])
print sum(abs(n(ones[3, 8])[0] - a[0])), sum(abs(n(n(ones[1, 8])) - n(a)[0..0]))
layer Twice(x: real[B, C, H, W]) -> real[B, C, _, _] {
    let same = Conv(C, k: 1)
    x |> same |> same
}
let two = Twice()
print length(two(ones[1, 3, 4, 4])[0, 0]), length(two(ones[2, 3, 5, 5])[0, 0])
let look = Attention(2)
print sum(abs(look(ones[2, 5, 8], ones[2, 5, 8]) - look(ones[2, 5, 8], ones[2, 5, 8])))
data d = rows(x: [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]], y: [[1.0, 0.0], [2.0, 1.0], [3.0, 1.0]])
let m = N()
print length(m(ones[1, 2]))
train t on d {
    batch 2
    epochs 2
    minimize mse(m(x), y) over m with SGD(lr: 0.01)
    every epoch { eval d { log mse(m(x), y) as err } }
}
print length(m(ones[5, 2]))
// One for each turn of a repeat, with weights of its own.
repeat width in [4, 8] {
    let net = Linear(width)
    print length(net(ones[1, 2])[0]), length(net.w)
}

//> 0 0
//> 4 5
//> 0
//> 1
//> 5
//> 4 4
//> 8 8
