// A schedule in whole numbers: div rounds down.
schedule drops(peak: real, every: int) at step { peak * 0.5^(step div every) }
data d = rows(x: [[1.0], [2.0]], y: [[2.0], [4.0]])
let net = Linear(1)
train fit on d {
    batch 1 shuffled
    steps 100
    minimize mse(net(x), y) over net with SGD(lr: drops(0.1, every: 20), momentum: 0.9)
    every 10 steps { log loss }
}
