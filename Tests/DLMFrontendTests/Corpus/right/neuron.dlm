let x = [1.0, -2.0, 0.5], w = [0.1, 0.2, 0.3]
let y = sigmoid(dot(w, x) + 0.5)
print y, grad(y, wrt: w)
