// A body that is frozen on purpose.
let body = Linear(8), head = Linear(2)
data d = rows(x: [[1.0, 2.0]], y: index([1], 2))
freeze body
train t on d {
    batch 1
    minimize cross_entropy(head(relu(body(x))), y) over head with SGD(lr: 0.1)
}
