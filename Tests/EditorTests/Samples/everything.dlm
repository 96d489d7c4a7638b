/// Every construct of the language once, for what colours programs.
// A comment: layer, "string", 3.
use "other.dlm"
data digits = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
data book = text("verse.txt", by: char)
dim D = 64, K = D / 8
let width = 1_000, rate = 1e-3, name = "run", deep = true and not false
let pair = (x: 1.5, y: -2), list = [1, 2, 3], nothing = none
var total = 0.0
fn twice(f: fn) -> fn { return fn (x) { f(f(x)) } }
fn straight(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }
loss squared(x: real[...S], t: real[...S]) -> real where S > 0 { mean((x - t)^2) }
optimizer Heavy(lr: real, momentum: real = 0.9) for p, g {
    state v = zeros like p
    v = momentum * v + g
    p = p - lr * v
}
schedule warm(peak: real, steps: int) at step { step < steps ? peak * step / steps : peak }
layer Heads(heads: int)(x: real[B, T, D], mask: bool[T, T]?) -> (real[B, T, D], prob[B, T])
    where D % heads == 0 : "Heads cannot split {D} features into {heads}"
{
    let h = x |> relu |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let s = if let ok = mask { fill(h, -inf, where: not ok) } else { h }
    param w: real[D] = 0.1 if heads > 1 penalize sum(w^2), b: real[D] = 0
    state seen: int = 0
    when training where B >= 2 { seen = seen + B }
    penalize 1e-3 * mean(abs(s)) as sparsity
    (s[.., 0, 1..<3, new], mean(x, over: all but B) + b along 1)
}
layer Recurrent(n: int)(x: index(K)[B, T]) -> logit[B, T, n] {
    let cell = Linear(n)
    scan xt in x over T, carry (h, c) = (zeros[B, n], zeros[B, n]) {
        h = tanh(cell(xt) @ h.T) div 2
        emit h
    }
}
let net = Heads(4), old = Heads(4) from "old.safetensors" rename torchvision
freeze net.linear1
train fit on digits.train |> augment { crop(28, pad: 2), flip(p: 0.5) } {
    batch 64 shuffled drop last
    epochs 3
    steps 100
    seed 1
    precision bf16 keep f32 for norm, loss
    accumulate 2
    clip norm 1.0
    minimize nll(net(image), label) over net with AdamW(lr: warm(0.1, steps: 9), decay: 0.05 except b, norm.*) as opt
    step {
        let noise = fixed normal[64, 8]
        minimize -mean(net(noise)) over net, old with Heavy(lr: 0.1) as g
        update old from net with fn (m, w) { lerp(m, w, 0.1) }
    }
    every 10 steps { log opt.loss, loss.terms as parts }
    every epoch { eval digits.test { log accuracy(net(image), label) as acc } }
    when epoch == 2 { unfreeze net.linear1 }
    when test.loss stalls 3 epochs by 1e-3 { opt.lr *= 0.5 }
    stop when test.loss stalls 8 epochs, restore best
    checkpoint "runs/{name}" every epoch, keep best 1 by test.acc, keep last 2
    on nan { halt }
}
sweep width in [2, 4], rate in [0.1, 0.2] { run fit(width, rate) }
test "shapes" { expect sum(net(ones[3, 1])) ~= 0 }
for (x, t) in list { total += x }
repeat 3 { total -= 1 }
while total > 100 { total /= 2; print "{total:2} of {twice(fn (x) { x * 3 })(2)}\n" }
if total != 0 or width < 3 { print total } else if deep { fail("no \"way\"") } else { print -total }
plot lines([3.0, 2.0]) to "loss.svg"
save grid(uniform[4, 1, 8, 8]) to "noise.png"
graph sin(total) wrt [total] to "chain.svg"
let step = 3, batch = list[0], log = step + batch
let kind = match name { "run", "walk" { 1 } "rest" { 2 } _ { 0 } }
match kind {
    0..<2 { print "few" }
    _ { print "many" }
}
