// Element types: what functions of any reals make of f64 and bf16, and where they are declared.
fn twice(x: real[...S]) -> real[...S] { 2 * x }
fn exact(x: f64[n], k: f64) -> f64[n] { x * k + twice(x) }
fn short(x: bf16[n]) -> bf16[n] { 0.5 * x + tanh(x) }
let k = 0.5, x: f64[2] = [0.1, 0.2], one: f64 = 1
let y = exact(x, k), z = exact([0.1, 0.2], 3), s = short(bf16([1.0]))
layer Scaled(n: int)(x: f64[B, I]) -> f64[B, n] {
    param w: f64[n, I] = uniform(-1, 1), b: f64[n] = 0
    state seen: f64 = 0
    when training { seen = seen + B }
    x @ w.T + b
}
layer Running(n: int)(x: f64[B, T, I]) -> f64[B, T, n] {
    let cell = Scaled(n)
    scan xt in x over T, carry h = zeros like cell(x[.., 0, ..]) {
        h = tanh(cell(xt) + h)
        emit h
    }
}
// Weights are f32: with f64 they give f64.
let net = Scaled(3), wide: f64[1, 1] = Linear(1)(net([[1.0, 2.0]]))
let g: f64[2] = grad(sum(x^2), wrt: x), h: f64[2, 2] = jacobian(x^2, wrt: x)
let joined: f64[4] = concatenate(x, zeros[2], over: 0)
let i: i64[2] = i64([1, 2]) + 1, mixed: f32[2] = f16([1.0, 2.0]) + bf16([1.0, 2.0])
let p: f64[2] = softmax(x)
print y, z, s, wide, g, h, joined, i, mixed, one, p, Running(2)(f64(ones[1, 2, 3]))
// What is carried gets as wide as what comes out of a place: the library keeps its zeros in f32.
let lstm = LSTM(3), series = f64(normal[2, 5, 4])
let states: f64[2, 5, 3] = lstm(series), shown: f64[2, 5, 3] = GRU(3)(series)
fn total(x: f64[T, 2]) -> f64[2] {
    scan xt in x over T, carry h = zeros[2] { h = h + xt }
}
print states, shown, total(f64(ones[5, 2])), total(f64(ones[2, 2]))
