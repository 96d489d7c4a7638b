// freeze and unfreeze, `except`, products in bfloat16, penalties of parameters, `on nan`, sweeps.
fn l2(rate: real) { fn (w) { rate * sum(w^2) } }
layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(4) |> tanh |> Linear(1) }
layer Own(x: real[B, I]) -> real[B, 1] {
    param w: real[1, I] = 0.5 penalize l2(0.1)
    x @ w.T
}
data points = rows(x: [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], y: [0.0, 1.0, 1.0, 0.0])
let net = Net(), own = Own()
freeze net.linear1
train held on points {
    batch 4
    epochs 3
    precision bf16 keep f32 for norm, loss
    minimize mean((net(x)[.., 0] - y)^2) over net with AdamW(lr: 0.1, decay: 0.5 except b, linear1.*) as opt
    every epoch { print net.linear1.b }
    when epoch == 2 { unfreeze net.linear1 }
}
train penalized on points {
    batch 4
    minimize mean((own(x)[.., 0] - y)^2) over own with SGD(lr: 0.1)
    every epoch { print loss, loss.terms }
}
train broken on points {
    batch 4
    epochs 3
    minimize mean(log(own(x)[.., 0] - 0.3)) over own with SGD(lr: 0.1) as s
    on nan {
        s.lr *= 0.5
        print "not a number at step {step}; now {s.lr}"
    }
}
print own.w

//> [0.12581, -0.62642, 0.61567, -0.47153]
//> [0.12581, -0.62642, 0.61567, -0.47153]
//> [0.02581, -0.72642, 0.51567, -0.57153]
//> 0.425 (mean: 0.375, w penalty: 0.05)
//> not a number at step 1; now 0.05
//> not a number at step 2; now 0.025
//> not a number at step 3; now 0.0125
//> [[0.465, 0.465]]
