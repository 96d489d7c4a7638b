// A gain for the last axis, at any number of axes before it.
layer RMSNorm(eps: real = 1e-6)(x: real[...S, D]) -> real[...S, D] {
    param gain: real[D] = 1
    x / sqrt(mean(x^2, over: -1, keep: true) + eps) * gain
}
print RMSNorm()(ones[2, 3, 4])
