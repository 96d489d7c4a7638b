// Element types, and what they become together.
let x = f64([0.1, 0.2])
print (sum(x) - 0.3) * 1e17, (x[new, ..] @ f64([[1.0], [1.0]]) - 0.3) * 1e17
print bf16([1.001, 3.14159]), f16([1.0009765, 70000.0, 0.00001]), i32([1.9, -1.9])
print bf16([1.0]) + 0.001, f16([1.0]) * 1.001, f16([1.0]) + bf16([0.001])
print sum(f16(ones[5000])), mean(bf16([1.0, 2.0, 4.0])), softmax(f16([1.0, 2.0]))
print f16([[1.0, 2.0]]) @ f16([[1.5], [2.5]]), cumsum(bf16([1.0, 2.0]))
print i64([3, 4]) * 2000000000, u8([250, 7]) + 10, u8([3.7, 300.0])
let w = f64([1.0, 2.0])
print "{grad(sum(w^3 / 3), wrt: w):12}"
let image = f64(ones[1, 1, 3, 3])
print convolve(image, f64([[[[0.1, 0.2], [0.3, 0.4]]]])), grad(sum(convolve(image, image) * image), wrt: image)
print zeros like x, normal like f16([1.0]) - normal like f16([1.0]) < 100
fn exact(x: f64[n], k: f64) -> f64 { sum(x) - k }
print exact(x, 0.3) * 1e17, exact([0.1, 0.2], 0.3) * 1e17
let k = 0.1, y: f64[2] = [0.1, 0.2], one: f64 = 0.1
print "{k * bf16([1.0, 3.0])}", (y[0] - one) * 1e17, "{one * 3:18}"
layer Scaled(x: f64[B, 2]) -> f64[B] {
    param w: f64[2] = 0.1
    x @ w
}
print (Scaled()([[1.0, 2.0]]) - 0.3) * 1e17
data tripled = rows(x: f64([[0.1]]), y: bf16([1.0])) |> scale(x, 3) |> scale(y, 2) |> map(x, fn (v) { 2 * v })
for (x, y) in tripled { print (x - 0.6) * 1e17, y + 0.001 }
data both = rows(x: f64([[0.1, 0.2]]), y: bf16([1.001]), i: i64([3]))
for (x, y, i) in both { print (sum(x) - 0.3) * 1e17, y, i * 2000000000 }
fn total(x: f64[T]) -> f64 { scan xt in x over T, carry h = 0.0 { h = h + xt } }
print (total(f64(0.1 * f64(ones[6]))) - 0.6) * 1e17, (total(f64([0.1, 0.2])) - 0.3) * 1e17
let cell = LSTM(2), steps = f64(normal[1, 6, 3])
print sum(abs(f32(cell(steps)) - cell(f32(steps)))) < 1e-5, norm(grad(sum(cell(steps)^2), wrt: steps)) > 0
var z = y
z[0] = 1.0
print grad(sum(exact(z, 0.5) * z), wrt: z), jacobian(z^2, wrt: z)

//> 5.55112 [[5.55112]]
//> [1, 3.14063] [1.00098, inf, 1.00136e-5] [1, -1]
//> [1] [1.00098] [1.001]
//> 5000 2.32813 [0.2688, 0.73096]
//> [[6.5]] [1, 3]
//> [6000000000, 8000000000] [260, 17] [3, 255]
//> [1.000000000000, 4.000000000000]
//> [[[[1, 1],
//>    [1, 1]]]] [[[[27, 27, 27],
//>    [27, 27, 27],
//>    [27, 27, 27]]]]
//> [0, 0] [true]
//> 5.55112 5.55112
//> [0.1001, 0.30078] 0 0.300000000000000
//> [5.55112]
//> [11.1022] 2
//> 5.55112 1 6000000000
//> 0 5.55112
//> true true
//> [1.9, 1.9] [[2, 0],
//>  [0, 0.4]]
