// A pack and a class axis, as the losses of the prelude have it.
loss brier(p: prob[...S, K], y: index(K)[...S]) -> real { mean(1 - 2 * pick(p, y, over: K) + sum(p^2, over: -1)) }
print brier(softmax(ones[2, 3]), index([0, 1], 3))
print brier(softmax(ones[2, 5, 3]), index([[0, 1, 2, 0, 1], [0, 1, 2, 0, 1]], 3))
