// What layers do at random in training only, and how often: of 40 000 elements that are 1.
layer Seen(f: fn)(x: real[B, N, M]) -> real[] {
    param w: real = 1
    state kept: real[B, N, M] = 1
    let y = f(x)
    when training { kept = y }
    mean(y) * w
}
let a = Seen(fn (x) { x |> Dropout(0.3) }), b = Seen(fn (x) { x |> ChannelDropout(0.3) })
let c = Seen(fn (x) { x |> GaussianNoise(0.5) }), d = Seen(fn (x) { x |> GaussianDropout(0.2) })
let e = Seen(fn (x) { x |> Dropout(0) })
layer Connected(x: real[B, N, N]) -> real[] {
    let inner = DropConnect(60, 0.25)
    state kept: real[B, N, 60] = 0
    let y = inner(x)
    when training { kept = y }
    mean(y)
}
let f = Connected()
let eyes = identity(40)[new, .., ..] * ones[2, 1, 1]
data ones_of = rows(x: ones[2, 100, 200])
train once on ones_of {
    batch 2
    steps 1
    step {
        minimize a(x) over a with SGD(lr: 0) as a_opt
        minimize b(x) over b with SGD(lr: 0) as b_opt
        minimize c(x) over c with SGD(lr: 0) as c_opt
        minimize d(x) over d with SGD(lr: 0) as d_opt
        minimize e(x) over e with SGD(lr: 0) as e_opt
        minimize f(eyes) over f with SGD(lr: 0) as f_opt
    }
}
let x = ones[2, 100, 200]
print a(x) == 1, b(x) == 1, c(x) == 1, d(x) == 1
let drop = a.kept, channels = b.kept, noise = c.kept, times = d.kept
// Kept elements are scaled, so that the mean stays.
print max(drop) ~= 1 / 0.7, abs(mean(real(drop == 0)) - 0.3) < 0.01, sum(real(drop == 0) + real(drop > 1.4)) == 40000
// Whole channels: nothing differs along the last axis.
print max(max(channels, over: -1) - min(channels, over: -1)) == 0, abs(mean(real(channels == 0)) - 0.3) < 0.1
print abs(mean(noise) - 1) < 0.02, abs(deviation(noise, over: [0, 1, 2]) - 0.5) < 0.01
print abs(mean(times) - 1) < 0.02, abs(deviation(times, over: [0, 1, 2]) - 0.5) < 0.01
print min(e.kept) == 1, max(e.kept) == 1
// Weights that are dropped, the same ones for the whole batch: seen through rows of the identity.
let kept = f.kept - f.inner.b, w = f.inner.w.T
print kept[0] ~= kept[1], abs(mean(real(kept[0] == 0)) - 0.25) < 0.05
print kept[0] ~= w / 0.75 * real(kept[0] != 0), f.inner(eyes)[0] ~= w + f.inner.b

//> true true true true
//> true true true
//> true true
//> true true
//> true true
//> true true
//> true true
//> true true
