data d = rows(x: [[1.0], [2.0]], y: [2.0, 4.0])
let net = Linear(1)
train fit on d {
    batch 2
    minimize mean((net(x) - y[.., new])^2) over net with SGD(lr: 0.05)
}
