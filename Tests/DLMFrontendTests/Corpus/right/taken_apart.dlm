// A tuple that is taken apart twice: the same tensors by other names, gradients and all.
fn net(w: (real[1, 4], real[4]), x: real[N, 1]) -> real[N, 4] {
    let (w1, b1) = w
    tanh(x @ w1 + b1)
}
let v = (ones[1, 4], zeros[4]), x = ones[3, 1]
let (w1, b1) = v
let r = (a: ones[2], b: zeros[2])
let (c, d) = (r.a, r.b)
print grad(sum(net(v, x)), wrt: w1), grad(sum(r.a * 2), wrt: c), sum(b1) + sum(d)
