// A shallow support vector machine: one linear unit, the hinge loss and a penalty for the length of
// its weights.
// The two rings of the second feature set are told apart by the squares that are added to it.
layer Features(x: real[B, 2]) -> real[B, 5] {
    concatenate(x, x^2, x[.., 0..<1] * x[.., 1..<2], over: -1)
}
layer Machine(x: real[B, 2]) -> real[B] { x |> Features() |> Linear(1) |> squeeze(over: 1) }
let angle = 6.283 * uniform[200], far = 0.5 + floor(2 * uniform[200])
let place = stack(far * cos(angle), far * sin(angle), over: 1) + 0.1 * normal[200, 2]
data rings = rows(x: place, side: 2 * far - 2)
let machine = Machine()
train separate on rings {
    batch 20 shuffled
    epochs 40
    minimize hinge(machine(x), side) + penalty(machine, l2(1e-3)) over machine with SGD(lr: 0.2)
    every 10 epochs {
        eval rings {
            log hinge(machine(x), side) as hinge, mean(real(sign(machine(x)) == side)) as right
        }
    }
}
