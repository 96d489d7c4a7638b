layer Net(x: real[B, 2] -> real[B, 1] {
    x |> Linear(3 |> relu
    let s = "no end {x + 
    y = !x && y || z ** 2
    i++
    é = 3 $ 4 'text' `code` # no comment
train on d { batch  minimize over with as }
print "a {b {c} d" + "e"
def f(x): return x
layer
data = 3
let log = 1; log = 2
}
