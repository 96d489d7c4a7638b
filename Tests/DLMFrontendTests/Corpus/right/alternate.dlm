// Two trainings that take turns: each updates what the other holds.
let a = Linear(4), b = Linear(1)
data d = rows(x: [[1.0], [2.0]], y: [[1.0], [0.0]])
train first on d {
    batch 2
    minimize mse(b(a(x)), y) over a with SGD(lr: 0.1)
}
train second on d {
    batch 2
    minimize mse(b(a(x)), y) over b with SGD(lr: 0.1)
}
