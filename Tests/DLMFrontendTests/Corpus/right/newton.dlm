fn f(x: real) -> real { x^3 - 2 * x - 5 }
var x = 2.0
repeat 8 {
    let y = f(x)
    x = x - y / grad(f(x), wrt: x)
}
print x
