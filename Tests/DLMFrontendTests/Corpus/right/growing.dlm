// Tensors and lists that grow while a number of the run says so.
var steps = 0, x = 4.0, seen = [4.0]
while abs(x^2 - 2) > 1e-6 {
    x = (x + 2 / x) / 2
    seen = append(seen, x)
    steps = steps + 1
}
print x, steps, count(seen)
var far = zeros[1]
for i in 0..<200 { far = concatenate([far, ones[1] * i], over: 0) }
print far + zeros[201]
