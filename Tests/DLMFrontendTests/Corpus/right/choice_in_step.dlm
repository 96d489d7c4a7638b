// A choice that each batch makes anew, as a statement, and by an early return.
data d = rows(x: [[1.0], [2.0], [-3.0]], y: [[2.0], [4.0], [-6.0]])
let net = Linear(1)
fn weight(x: real[B, 1]) -> real {
    if sum(x) > 1 { return 2.0 }
    if sum(x) < -1 { 0.5 } else { 1.0 }
}
train t on d {
    batch 1
    epochs 2
    step {
        var scale = 1.0
        if mean(x) < 0 { scale = 0.1 }
        minimize weight(x) * scale * mse(net(x), y) over net with SGD(lr: 0.1)
    }
    every 1 steps { print loss, scale }
}
