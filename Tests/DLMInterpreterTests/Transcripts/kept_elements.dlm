// Parameters and state in other element types: what is declared, or what the first value has.
layer Exact(x: f64[B, 2]) -> real[B] {
    param w: f64[2] = 0.1
    x @ w
}
layer Short(x: real[B, 2]) -> real[B] {
    param w: bf16[2] = 0.1, b: f16[] = 0.1
    state seen: i32 = 0
    when training { seen = seen + 1 }
    x @ w + b
}
let exact = Exact(), short = Short()
let x = f64([[1.0, 2.0], [3.0, 5.0]])
print "{exact(x):15}"
print "{exact.w:12} {short([[1.0, 0.0]]):6}"
data d = rows(x: [[1.0, 2.0], [3.0, 5.0]], y: [1.0, 2.0])
train fit on d {
    batch 2
    steps 3
    step {
        minimize mean((exact(f64(x)) - y)^2) over exact with Adam(lr: 1e-10) as a
        minimize mse(short(x), y) over short with SGD(lr: 0.01, momentum: 0.9) as b
    }
}
// Steps of 1e-10, of which f32 would keep nothing.
print "{exact.w:12}"
print exact.w + f64([0.0, 0.0]) == exact.w, short.w, short.seen

//> [0.300000000000000, 0.800000000000000]
//> [0.100000000000, 0.100000000000] [0.200073]
//> [0.100000000300, 0.100000000300]
//> [true, true] [0.24902, 0.35742] 3
