// Why first values matter: the spread of activities behind thirty layers, and whether a net of such
// layers then learns.
layer Unit(start: fn)(x: real[B, D]) -> real[B, D] {
    param w: real[D, D] = start
    x @ w.T
}
layer Deep(start: fn, act: fn)(x: real[B, D]) -> real[B, D] {
    var h = x
    repeat 30 { h = h |> Unit(start) |> act }
    h
}
layer Classifier(start: fn, act: fn)(x: real[B, 1, H, W]) -> logit[B, 10] {
    x |> flatten |> Linear(32) |> Deep(start, act) |> Linear(10)
}
fn tanh_of(x: real[...S]) -> real[...S] { tanh(x) }
fn narrow(w: real[...S]) { 0.01 * normal like w }
fn wide(w: real[...S]) { normal like w }
fn spread(h: real[B, D]) -> real { sqrt(mean(h^2)) }

data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
let a = Classifier(narrow, tanh_of)
let b = Classifier(wide, tanh_of), c = Classifier(glorot(), tanh_of)
let d = Classifier(glorot(), relu)
let e = Classifier(he(), relu), f = Classifier(orthogonal_start(), tanh_of)
train learn on mnist.train {
    batch 64 shuffled
    steps 400
    step {
        minimize cross_entropy(a(image), label) over a with SGD(lr: 0.05) as first
        minimize cross_entropy(b(image), label) over b with SGD(lr: 0.05) as second
        minimize cross_entropy(c(image), label) over c with SGD(lr: 0.05) as third
        minimize cross_entropy(d(image), label) over d with SGD(lr: 0.05) as fourth
        minimize cross_entropy(e(image), label) over e with SGD(lr: 0.05) as fifth
        minimize cross_entropy(f(image), label) over f with SGD(lr: 0.05) as sixth
    }
}

// The spread of 1 in front of thirty layers as it is behind them; what 400 steps have taught.
let x = normal[64, 100], (image, label) = sample(mnist.test, 2000)
let score = fn (net: fn) { accuracy(net(image), label) }
print "                         spread    accuracy"
print "normal, 0.01, tanh       {spread(Deep(narrow, tanh_of)(x)):6}  {score(a):2}"
print "normal, 1, tanh          {spread(Deep(wide, tanh_of)(x)):6}  {score(b):2}"
print "Glorot, tanh             {spread(Deep(glorot(), tanh_of)(x)):6}  {score(c):2}"
print "Glorot, relu             {spread(Deep(glorot(), relu)(x)):6}  {score(d):2}"
print "He, relu                 {spread(Deep(he(), relu)(x)):6}  {score(e):2}"
print "orthogonal, tanh         {spread(Deep(orthogonal_start(), tanh_of)(x)):6}  {score(f):2}"
