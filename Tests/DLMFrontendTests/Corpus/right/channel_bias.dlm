// along: a vector that belongs to the axis of channels, at any number of axes behind it.
layer Shift(x: real[B, C, ...S]) -> real[B, C, ...S] {
    param b: real[C] = 0, a: real[C] = 1
    x * a along 1 + b along 1
}
print Shift()(ones[2, 3, 5]), Shift()(ones[2, 3, 4, 4])
