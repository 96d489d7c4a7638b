// Optimizers on one surface: the valley of Rosenbrock, in which the slope points across and the way leads along.
layer Place(x: real[B, 1]) -> real[2] {
    param p: real[2] = fn (w) { 0 * w + [-1.2, 1.0] }
    p + 0 * sum(x)
}
loss valley(p: real[2]) -> real { (1 - p[0])^2 + 10 * (p[1] - p[0]^2)^2 }
data once = rows(x: [[0.0]])
let a = Place(), b = Place(), c = Place(), d = Place(), e = Place()
var plain = [], heavy = [], adam = [], quasi = [], newton = []
train descend on once {
    steps 100
    step {
        minimize valley(a(x)) over a with SGD(lr: 0.005) as plain_descent
        minimize valley(b(x)) over b with SGD(lr: 0.005, momentum: 0.9) as momentum
        minimize valley(c(x)) over c with Adam(lr: 0.1) as adam
        minimize valley(d(x)) over d with LBFGS(search: 8) as lbfgs
        minimize valley(e(x)) over e with Newton() as newton
    }
    every 20 steps { log plain_descent.loss, momentum.loss, adam.loss, lbfgs.loss, newton.loss }
}
