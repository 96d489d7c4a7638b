// A mean over the places that count.
layer Mean(x: real[B, T, D], seen: bool[B, T]) -> real[B, D] {
    let m = real(seen)[.., new]
    sum(x * m, over: T) / (sum(m, over: T) + 1e-6)
}
print Mean()(ones[2, 3, 4], ones[2, 3] > 0.5)
