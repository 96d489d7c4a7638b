// Parts of a data set by share, and what they are tested with.
data d = rows(x: uniform[100, 3], y: uniform[100, 1]) |> split(train: 0.8, test: 0.2, seed: 1) |> map(x, fn (x) { 2 * x - 1 })
let net = Linear(1)
train fit on d.train {
    batch 20 shuffled
    epochs 3
    minimize huber(net(x), y) over net with RMSprop(lr: 1e-2)
    every epoch { eval d.test { log mae(net(x), y) as err } }
    stop when test.err stalls 3 epochs by 1e-3
}
