// What clauses do between steps: any number of times, each with draws of its own.
data d = rows(x: [[1.0], [2.0]], y: [[2.0], [4.0]])
let net = Linear(1)
var k = 0
var seen = zeros[0], draws = zeros[0]
train t on d {
    batch 2
    steps 5
    minimize mse(net(x), y) over net with SGD(lr: 0.1)
    every 1 steps {
        k += 1
        seen = append(seen, loss)
        draws = append(draws, uniform[1][0])
    }
    when step == 3 { k += 100 }
}
if k == 1 { fail("each clause once") }
expect k == 105
expect seen[4] < seen[0]
print length(seen), min(abs(draws[1..<5] - draws[0..<4])) > 1e-3, abs(uniform[1][0] - draws[0]) > 1e-3

// Terms of one name are one term.
layer P(v: real)(x: real[B, 1]) -> real[B, 1] {
    param w: real = v
    penalize w as kl
    x * w
}
layer Two(x: real[B, 1]) -> real[B, 1] { x |> P(1.0) |> P(10.0) }
let two = Two()
train fit on d {
    batch 2
    steps 1
    minimize mse(0 * two(x), 0 * y) over two with SGD(lr: 0)
    every 1 steps { print loss, loss.terms.mse, loss.terms.kl }
}

// Places among a symbol's length stay that outside the function that found them.
fn marks(x: real[B, K]) -> real[B, 2, K] {
    let (v, i) = top(2, x)
    one_hot(i)
}
print marks([[0.1, 0.7, 0.2]])

//> 5 true true
//> 11 0 11
//> [[[0, 1, 0],
//>   [0, 0, 1]]]
