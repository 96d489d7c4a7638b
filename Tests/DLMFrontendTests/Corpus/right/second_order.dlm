let x = 0.3
let y = sin(x)^2
let d = grad(y, wrt: x)
print d, grad(d, wrt: x)
