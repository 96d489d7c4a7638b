// The kernel trick: a perceptron that never sees its features learns XOR from a table of
// likenesses.
// Source: Aizerman, Braverman and Rozonoer 1964.
let x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
let t = [-1.0, 1.0, 1.0, -1.0]

// exp(-|a - b|^2 / 0.5) for every pair of rows.
let K = exp(-sum((x[.., new, ..] - x[new, ..])^2, over: -1) / 0.5)

var alpha = zeros[4]
for epoch in 1..10 {
    for i in 0..<4 {
        let s = dot(alpha * t, K[i])
        if t[i] * s <= 0 { alpha = alpha + one_hot(index(i, 4)) }
    }
}
print "how often each was wrong: {alpha}"
print "answers: {sign(K @ (alpha * t))}"
