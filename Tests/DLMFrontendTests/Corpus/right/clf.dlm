layer Clf(v: int)(ids: index(v)[B, T]) -> logit[B, 2] { ids |> Embedding(v, 128) |> LSTM(128) |> last(over: T) |> Linear(2) }
let net = Clf(50)
print net(index([[1, 2, 3]], 50))
