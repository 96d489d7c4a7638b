// The function that no single neuron can learn: a 2-8-2 network does.
data xor = rows(x: [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], label: index([0, 1, 1, 0], 2))

layer Net(x: real[B, 2]) -> logprob[B, 2] {
    x |> Linear(8) |> tanh |> Linear(2) |> log_softmax
}

let net = Net()

train xor_net on xor {
    batch 4
    epochs 1000
    minimize nll(net(x), label) over net with SGD(lr: 0.5)
    every 200 epochs { log loss }
}

print exp(net([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))

//> [[0.99847, 0.00153],
//>  [0.00189, 0.99811],
//>  [0.00117, 0.99883],
//>  [0.9983, 0.0017]]
