// (c) A recurrent network that writes.
layer LSTMCell(n: int)(x: real[B, I], h: real[B, n], c: real[B, n]) -> (real[B, n], real[B, n]) {
    let r = 1/sqrt(n)
    param w: real[4*n, I] = uniform(-r, r), u: real[4*n, n] = uniform(-r, r), b: real[4*n] = 0
    let (i, f, g, o) = chunk(x @ w.T + h @ u.T + b, 4)              // last axis: four real[B, n]
    let c2 = sigmoid(f) * c + sigmoid(i) * tanh(g)
    (sigmoid(o) * tanh(c2), c2)
}
layer LSTM(n: int)(x: real[B, T, I]) -> real[B, T, n] {
    let cell = LSTMCell(n)                                           // one instance, shared over time
    scan xt in x over T, carry (h, c) = (zeros[B, n], zeros[B, n]) {
        (h, c) = cell(xt, h, c)
        emit h
    }
}
data book = text("verse.txt", by: char)                   // book.vocab is a dim, 65 here
dim V = book.vocab

layer CharLM(n: int = 32, depth: int = 2)(ids: index(V)[B, T]) -> logit[B, T, V] {
    var h = ids |> Embedding(V, n)
    repeat depth { h = h |> LSTM(n) |> Dropout(0.2) }
    h |> Linear(V)
}
let lm = CharLM()
train char_lm on book.train.windows(T: 16) {                        // fields: here, next : index(V)[128]
    batch 64 shuffled
    epochs 20
    minimize cross_entropy(lm(here), next) over lm with Adam(lr: 2e-3)
    clip norm 1.0
    every epoch { eval book.valid.windows(T: 16) { log cross_entropy(lm(here), next) as loss }
        print sample(lm, from: "ROMEO:", length: 20, temperature: 0.8) }
}
// classifier: data reviews = csv(...); layer Clf()(ids: index(V)[B, T]) -> logit[B, 2] { ids |> Embedding(V, 128) |> LSTM(128) |> last(over: T) |> Linear(2) }
