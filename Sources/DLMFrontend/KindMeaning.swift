/// What the numbers of each kind mean: the words that a type begins with.
package enum KindMeaning {
  package static let all = [
    "real": "Real numbers.", "int": "Whole numbers.", "bool": "Truth values.",
    "logit": "Unnormalised scores: what `cross_entropy` takes.",
    "prob": "Probabilities: what `softmax` and `sigmoid` give.",
    "logprob": "Logarithms of probabilities: what `log_softmax` gives and `nll` takes.",
    "index": "`index(K)`: whole numbers from 0 to below K.",
    "u8": "Bytes, as images have them.", "string": "A text in quotes.", "fn": "A function.",
    "ints": "A whole number, or one for each axis.", "axes": "Axes by name or position.",
  ]
}
