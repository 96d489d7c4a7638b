// Operators and functions are values alike: a list of them.
let activations = [tanh, relu, fn (x) { x * sigmoid(x) }]
for f in activations { print f([-1.0, 0.0, 1.0]) }
