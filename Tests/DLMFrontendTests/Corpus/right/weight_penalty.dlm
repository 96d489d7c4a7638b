// Penalties of parameters and of activations in one objective.
fn l1(rate: real) { fn (w) { rate * sum(abs(w)) } }
layer Sparse(out: int)(x: real[B, I]) -> real[B, out] {
    param w: real[out, I] = normal(0, 0.1) penalize l1(1e-4)
    let h = relu(x @ w.T)
    penalize 1e-3 * mean(h) as activity
    h
}
let net = Sparse(4), head = Linear(1)
data d = rows(x: normal[16, 6], y: normal[16, 1])
train t on d {
    batch 4
    minimize mse(head(net(x)), y) over net, head with Adam()
    every epoch { print loss, loss.terms }
}
