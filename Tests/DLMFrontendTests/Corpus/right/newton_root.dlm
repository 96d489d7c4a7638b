// A function as a value, differentiated where it is called.
fn newton(f: fn, start: real) {
    var x = start
    repeat 10 { x = x - f(x) / grad(f(x), wrt: x) }
    x
}
print newton(fn (x) { x^2 - 2 }, 1.0)
