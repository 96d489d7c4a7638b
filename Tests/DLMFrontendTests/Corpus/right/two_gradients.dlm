// Two gradients at once: a tuple in the order of the list, each of the shape of its own.
let w = normal[2, 3], b = zeros[2]
let x = ones[5, 3], t = ones[5, 2]
let (dw, db) = grad(mean((x @ w.T + b - t)^2), wrt: [w, b])
print w - 0.1 * dw, b - 0.1 * db
