// Every row meets every row where that is wanted: the new axes say so, and the symbols differ.
layer Distances(a: real[N, D], b: real[M, D]) -> real[N, M] {
    sum((a[.., new, ..] - b[new, .., ..])^2, over: -1)
}
print Distances()(ones[4, 2], zeros[3, 2])
