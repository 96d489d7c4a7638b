// A network that writes: an LSTM learns from a poem which character comes next, then goes on by
// itself.
// Source: Graves 2013, https://arxiv.org/abs/1308.0850
data verse = text("data/verse.txt", by: char)
dim V = verse.vocab

layer CharacterModel(n: int = 96)(ids: index(V)[B, T]) -> logit[B, T, V] {
    ids |> Embedding(V, 24) |> LSTM(n) |> Linear(V)
}

let model = CharacterModel()
train write on verse.train.windows(T: 48, stride: 3) {
    batch 32 shuffled
    epochs 15
    minimize cross_entropy(model(here), next) over model with Adam(lr: 8e-3)
    clip norm 1.0
    every 5 epochs {
        print "--- {perplexity(loss):1} characters in doubt"
        print sample(model, from: "The keeper ", length: 100, temperature: 0.5)
    }
}
