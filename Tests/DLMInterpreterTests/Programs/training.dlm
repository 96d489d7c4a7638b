// (h) Every clause of a training.
data cifar = rows(image: uniform[40, 3, 32, 32], label: index(positions(40) % 10, 10)) |> split(train: 0.8, test: 0.2)
layer Net(x: real[B, 3, 32, 32]) -> logit[B, 10] {
    let stem = Conv(4, k: 3, stride: 2)
    x |> stem |> BatchNorm() |> relu |> global_mean |> Linear(10)
}
let net = Net()
schedule warm_cosine(peak: real, warm: int, total: int) at step {
    step < warm ? peak * step / warm : 0.5 * peak * (1 + cos(pi * (step - warm) / (total - warm)))
}
train big on cifar.train |> augment { crop(32, pad: 4), flip(p: 0.5) } {
    batch 8 shuffled
    epochs 3
    seed 1
    precision bf16 keep f32 for norm, loss                 // policy; types stay `real`
    minimize cross_entropy(net(image), label) over net
        with AdamW(lr: warm_cosine(3e-3, warm: 500, total: steps), decay: 0.05 except b, norm.*) as opt
    clip norm 1.0
    every epoch { eval cifar.test { log cross_entropy(net(image), label) as loss, accuracy(net(image), label) as acc } }
    when test.loss stalls 5 epochs by 1e-3 { opt.lr *= 0.5 }
    when epoch == 2 { unfreeze net.stem }
    stop when test.loss stalls 15 epochs, restore best
    checkpoint "runs/big" every epoch, keep best 3 by test.acc, keep last 2
    on nan { halt }                                        // default; replays the step with names
}
