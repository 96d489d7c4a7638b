// A weight for each sample: the weights indexed by the labels.
loss weighted(z: logit[B, K], y: index(K)[B], w: real[K]) -> real {
    let mine = w[y]
    -sum(mine * pick(log_softmax(z), y, over: K)) / sum(mine)
}
data d = rows(x: [[1.0, 2.0], [0.0, 1.0], [1.0, 1.0]], y: index([1, 0, 2], 3))
let net = Linear(3), rare = [1.0, 2.0, 5.0]
train t on d {
    batch 3
    minimize weighted(net(x), y, rare) over net with SGD(lr: 0.1)
}
