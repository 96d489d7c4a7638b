// A line through four points; the step runs as one plan, its losses are read by `every`.
data points = rows(x: [[0.0], [1.0], [2.0], [3.0]], t: [[1.0], [3.0], [5.0], [7.0]])

layer Line(x: real[B, 1]) -> real[B, 1] {
    param w: real[1, 1] = 0, b: real[1] = 0
    x @ w + b
}
let line = Line()

train fit on points {
    batch 4
    epochs 300
    minimize mse(line(x), t) over line with SGD(lr: 0.05, momentum: 0.5)
    every 100 epochs { print "epoch {epoch}: loss {loss}" }
}
print line([[10.0]])

//> epoch 100: loss 2.45308e-9
//> epoch 200: loss 1.42997e-13
//> epoch 300: loss 1.42997e-13
//> [[21]]
