schedule warm_cosine(peak: real, warm: int, total: int) at step {
    step < warm ? peak * step / warm : 0.5 * peak * (1 + cos(pi * (step - warm) / (total - warm)))
}
data d = rows(x: [[1.0], [2.0]], y: [[1.0], [0.0]])
let net = Linear(1)
train t on d {
    batch 1
    epochs 10
    seed 1
    minimize mse(net(x), y) over net with AdamW(lr: warm_cosine(3e-3, warm: 5, total: steps), decay: 0.05 except b) as opt
    clip norm 1.0
    accumulate 2
    every epoch { eval d { log mse(net(x), y) as err } }
    when d.err stalls 2 epochs by 1e-3 { opt.lr *= 0.5 }
    stop when d.err stalls 5 epochs
    checkpoint "runs/t" every epoch, keep best 1 by d.err, keep last 2
    on nan { halt }
}
