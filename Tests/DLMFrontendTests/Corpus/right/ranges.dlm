let x = ones[4, 6]
let head = x[.., 0..<3]
let tail = x[.., 3..<6]
expect sum(head) == sum(tail)
layer Halves(x: real[B, D]) -> real[B, D div 2] where D % 2 == 0 { x[.., 0..<D div 2] }
print Halves()(x)
