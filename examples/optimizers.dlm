// Optimizers on one surface: the valley of Rosenbrock, in which the slope points across and the way
// leads along.
layer Place(x: real[B, 1]) -> real[2] {
    param p: real[2] = fn (w) { 0 * w + [-1.2, 1.0] }
    p + 0 * sum(x)
}
loss valley(p: real[2]) -> real { (1 - p[0])^2 + 10 * (p[1] - p[0]^2)^2 }
data once = rows(x: [[0.0]])
let a = Place(), b = Place(), c = Place(), d = Place(), e = Place()
fn heights() {
    let x = [[0.0]]
    [valley(a(x)), valley(b(x)), valley(c(x)), valley(d(x)), valley(e(x))]
}
var seen = heights()[new, ..]
print "step   SGD        momentum   Adam       L-BFGS     Newton"
train descend on once {
    steps 100
    step {
        minimize valley(a(x)) over a with SGD(lr: 0.005) as plain
        minimize valley(b(x)) over b with SGD(lr: 0.005, momentum: 0.9) as momentum
        minimize valley(c(x)) over c with Adam(lr: 0.1) as adam
        minimize valley(d(x)) over d with LBFGS(search: 8) as lbfgs
        minimize valley(e(x)) over e with Newton() as newton
    }
    every 5 steps { seen = concatenate(seen, heights()[new, ..], over: 0) }
    every 20 steps {
        let now = heights()
        print "{step}     {now[0]:8} {now[1]:8} {now[2]:8} {now[3]:8} {now[4]:8}"
    }
}
// How far above the bottom each is after each five steps, as a power of ten.
let power = log10(maximum(seen, 1e-12))
let sgd = lines(power[.., 0], name: "SGD"), momentum = lines(power[.., 1], name: "momentum")
let adam = lines(power[.., 2], name: "Adam"), lbfgs = lines(power[.., 3], name: "L-BFGS")
plot sgd, momentum, adam, lbfgs, lines(power[.., 4], name: "Newton") to "runs/optimizers.svg"
