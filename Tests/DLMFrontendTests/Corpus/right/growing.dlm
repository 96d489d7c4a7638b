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
// A length that only a late turn of a long loop gives, and numbered rows of any number.
var late = zeros[2]
for i in 0..<5000 { if i == 4000 { late = zeros[3] } }
print late + zeros[3]
fn numbered(x: real[N]) -> real {
    var total = 0.0
    repeat (i, v) in x { total = total + i * v }
    total
}
print numbered([1.0, 2.0, 3.0])
