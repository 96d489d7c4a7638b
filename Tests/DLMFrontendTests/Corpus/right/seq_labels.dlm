// One label a place: the loss takes any number of leading axes.
layer Tagger(v: int)(ids: index(v)[B, T]) -> logit[B, T, 3] { ids |> Embedding(v, 8) |> LSTM(8) |> Linear(3) }
let net = Tagger(20)
data d = rows(ids: index([[1, 2], [3, 4]], 20), tag: index([[0, 1], [2, 0]], 3))
train tag_it on d {
    batch 2
    minimize cross_entropy(net(ids), tag) over net with Adam()
    every epoch { eval d { log accuracy(net(ids), tag) as acc } }
}
