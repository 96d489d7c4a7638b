// Word vectors: words that stand near the same others come to lie near each other.
// Source: Mikolov et al. 2013, https://arxiv.org/abs/1310.4546
dim V = 8
// Words 0 to 3 are seen with each other, and so are 4 to 7.
data pairs = rows(
    centre: index([0, 1, 2, 3, 0, 2, 4, 5, 6, 7, 4, 6], V),
    context: index([1, 2, 3, 0, 2, 0, 5, 6, 7, 4, 6, 4], V))

layer Vectors(d: int)(i: index(V)[B]) -> real[B, d] { i |> Embedding(V, d) }
let inner = Vectors(4), outer = Vectors(4)

train skip_gram on pairs {
    batch 12
    epochs 1500
    seed 3
    step {
        let other = index(int(uniform[B] * V), V)
        let near = sum(inner(centre) * outer(context), over: -1)
        let far = sum(inner(centre) * outer(other), over: -1)
        minimize mean(softplus(-near)) + mean(softplus(far)) over inner, outer with Adam(lr: 0.02)
    }
    every 500 epochs { log loss }
}

let vectors = inner(index([0, 1, 2, 3, 4, 5, 6, 7], V))
let v = vectors / norm(vectors, over: 1)[.., new]
let alike = v @ v.T
let within = mean(alike[0..<4, 0..<4]), between = mean(alike[0..<4, 4..<8])
print "within a group {within:1}, between the groups {between:1}"
