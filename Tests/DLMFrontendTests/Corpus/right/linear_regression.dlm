data d = rows(x: [[1.0], [2.0], [3.0]], y: [2.0, 4.0, 6.0])
let net = Linear(1)
train fit on d {
    batch 3
    epochs 100
    minimize mse(net(x)[.., 0], y) over net with SGD(lr: 0.05)
    every 50 epochs { log loss }
}
print net.w
