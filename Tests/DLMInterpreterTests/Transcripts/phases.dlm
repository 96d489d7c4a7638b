// A step is all in the training phase, also what it binds before its minimize; what layers there add to
// the objective is that of the first minimize over them.
data d = rows(x: [[1.0], [1.0]], y: [[0.0], [0.0]])
layer P(x: real[B, 1]) -> real[B, 1] {
    param w: real[1] = 1 penalize l2(0.5)
    state seen: real = 0
    penalize 3 * mean(x) as extra
    when training { seen = seen + 1 }
    training ? 2 * x * w : 0 * x * w
}
let p = P(), q = P()
train t on d {
    batch 2
    steps 2
    step {
        let out = p(x)
        let other = q(x)
        minimize mean(out) over p with SGD(lr: 0)
        minimize mean(other) + mean(q(x)) over q with SGD(lr: 0) as second
    }
    every step { log loss, loss.terms, second.loss }
    every 2 steps { eval d { log mean(p(x)) as at_rest } }
}
print p.seen, q.seen
// Numbers that a run finds are below the count of their type.
print index(int(ones[2] * 2), 3)
print index(int(ones[2] * 3), 3)

//> 2 4
//> [2, 2]
//! error[R001]: index 3 is outside 0..<3 (at position 0 of the indices of `gather`)
//!    ┌─ phases.dlm:27:1
//! 27 │ print index(int(ones[2] * 3), 3)
//!    │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
