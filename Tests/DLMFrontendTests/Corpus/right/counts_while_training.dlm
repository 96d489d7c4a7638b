// State that only the training phase changes.
layer Seen(x: real[B, D]) -> real[B, D] {
    state rows: real = 0
    when training { rows = rows + B }
    x / (1 + 0 * rows)
}
print Seen()(ones[3, 2])
