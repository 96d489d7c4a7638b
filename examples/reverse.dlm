// Sequence to sequence: a GRU reads six digits, another writes them backwards and looks where
// attention points. Source: Bahdanau, Cho and Bengio 2014, https://arxiv.org/abs/1409.0473
dim V = 8
let digits = int(uniform[256, 6] * (V - 1)) + 1
let backwards = flip(digits, over: 1)
// The decoder sees what it should have written so far; 0 begins.
let before = concatenate(int(zeros[256, 1]), backwards[.., 0..<5], over: 1)
data pairs = rows(
    source: index(digits, V), given: index(before, V), target: index(backwards, V))

layer Reverse(d: int)(source: index(V)[B, S], given: index(V)[B, T]) -> logit[B, T, V] {
    let memory = source |> Embedding(V, d) |> Positions() |> GRU(d)
    let query = given |> Embedding(V, d) |> Positions() |> GRU(d)
    let weights = softmax(query @ memory.T / sqrt(d), over: -1)
    concatenate(query, weights @ memory, over: -1) |> Linear(V)
}

let net = Reverse(32)
train backwards_again on pairs {
    batch 32 shuffled
    epochs 15
    minimize cross_entropy(net(source, given), target) over net with Adam(lr: 0.01)
    clip norm 1.0
    every 5 epochs { eval pairs { log accuracy(net(source, given), target) as acc } }
}

// Written freely: each digit is chosen with those before it as what is given; the attention shows
// where it looked.
let asked = index([[1, 2, 3, 4, 5, 6], [7, 7, 1, 3, 5, 2]], V)
var written = int(zeros[2, 1])
repeat 6 {
    let next = argmax(last(net(asked, index(written, V)), over: 1), over: -1)
    written = concatenate(written, next[.., new], over: 1)
}
print written[.., 1..<7]
