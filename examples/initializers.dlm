// Why first values matter: the spread of activities behind thirty layers of tanh or relu, and how well the net then learns.
fn spread(h: real[B, D]) -> real { sqrt(mean(h^2)) }
layer Deep(start: fn, act: fn)(x: real[B, D]) -> real[B, D] {
    var h = x
    repeat 30 {
        h = h |> Unit(start) |> act
    }
    h
}
layer Unit(start: fn)(x: real[B, D]) -> real[B, D] {
    param w: real[D, D] = start
    x @ w.T
}
let x = normal[64, 100]
print "spread behind 30 layers, 1 in front of them:"
print "  normal, deviation 0.01, tanh   {spread(Deep(fn (w) { 0.01 * normal like w }, tanh_of)(x)):6}"
print "  normal, deviation 1, tanh      {spread(Deep(fn (w) { normal like w }, tanh_of)(x)):6}"
print "  Glorot, tanh                   {spread(Deep(glorot(), tanh_of)(x)):6}"
print "  Glorot, relu                   {spread(Deep(glorot(), relu)(x)):6}"
print "  He, relu                       {spread(Deep(he(), relu)(x)):6}"
print "  orthogonal, tanh               {spread(Deep(orthogonal_start(), tanh_of)(x)):6}"
fn tanh_of(x: real[...S]) -> real[...S] { tanh(x) }
