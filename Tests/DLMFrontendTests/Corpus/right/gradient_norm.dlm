// Clipped by hand: a number times a tensor.
let x = [3.0, 4.0]
let g = grad(sum(x^2), wrt: x)
let length = norm(g, over: 0)
let clipped = length > 1 ? g / length : g
print clipped
