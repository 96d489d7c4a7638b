layer Net(x: real[B, 4]) -> logit[B, 2] {
    let stem = Linear(8), head = Linear(2)
    x |> stem |> relu |> head
}
let net = Net()
data d = rows(x: [[1.0, 2.0, 3.0, 4.0]], y: index([1], 2))
freeze net.stem
train t on d {
    batch 1
    epochs 4
    minimize cross_entropy(net(x), y) over net with SGD(lr: 0.1)
    when epoch == 2 { unfreeze net.stem }
}
print net.stem.w
