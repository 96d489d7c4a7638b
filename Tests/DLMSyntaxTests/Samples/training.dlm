schedule warm_cosine(peak: real, warm: int, total: int) at step {
    step < warm ? peak * step / warm : 0.5 * peak * (1 + cos(pi * (step - warm) / (total - warm)))
}
train big on cifar.train |> augment { crop(32, pad: 4), flip(p: 0.5) } {
    batch 128 shuffled
    epochs 200
    seed 1
    precision bf16 keep f32 for norm, loss                 // policy; types stay `real`
    minimize cross_entropy(net(image), label) over net
        with AdamW(lr: warm_cosine(3e-3, warm: 500, total: steps), decay: 0.05 except bias, norm.*) as opt
    clip norm 1.0
    every epoch { eval cifar.test { log cross_entropy(net(image), label) as loss, accuracy(net(image), label) as acc } }
    when test.loss stalls 5 epochs by 1e-3 { opt.lr *= 0.5 }
    when epoch == 20 { unfreeze net.stem }
    stop when test.loss stalls 15 epochs, restore best
    checkpoint "runs/big" every epoch, keep best 3 by test.acc, keep last 2
    on nan { halt }                                        // default; replays the step with names
}
