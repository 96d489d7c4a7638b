// Powers as features: a list of tensors stacked along a new last axis.
let x = [0.0, 0.5, 1.0, 1.5]
let features = stack([ones[4], x, x^2, x^3], over: 1)
var w = zeros[4]
let t = [1.0, 1.5, 1.0, 0.0]
repeat 100 {
    let e = features @ w - t
    w = w - 0.05 * (e @ features) / 4
}
print features @ w
