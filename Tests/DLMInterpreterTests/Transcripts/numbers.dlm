// Loops of numbers give what a walk of each turn would: sums, branches, lists, functions, changing types.
var total = 0.0
for i in 0..<1000 { total = total + i * 0.5 }
var n = 27, turns = 0
while n != 1 {
    n = n % 2 == 0 ? n div 2 : 3 * n + 1
    turns += 1
}
print total, turns
var primes = 0
for i in 2..<200 {
    var isPrime = true
    for j in 2..<i {
        if j * j <= i and i % j == 0 { isPrime = false }
    }
    if isPrime { primes = primes + 1 }
}
print primes
let xs = [0.5, -1.5, 2.5, 4.0], order = [3, 0, 2, 1]
var found = 0.0, largest = -inf, seen = 0
repeat 20 {
    for x in xs { found = found + (if x > 0 { sqrt(x) } else { x^2 }) }
    for i in 0..<length(xs) { largest = maximum(largest, xs[order[i]] * (i + 1)) }
    seen = seen + 1
}
print "{found:4} {largest} {seen}"
// A function of the program, one of the library, names that change places, a sum that becomes real.
fn logistic(x: real, rate: real = 3.7) -> real { rate * x * (1 - x) }
var a = 0, b = 1, chaos = 0.4, mixed = 0, low = 0.0
for i in 0..<40 {
    (a, b) = (b, a + b)
    chaos = logistic(chaos)
    mixed = mixed + (i % 2 == 0 ? 1 : 0.25)
    low = clamp(low - 0.1, -2, 2) + relu(-0.01)
}
print a, "{chaos:6} {mixed} {low:4}"
print -7 % 3, -7 div 3, 7.5 % -2, 2^10, 2.0^0.5 < 1.42
// Newton's root, to the last digit of double precision.
var root = 1.0
for i in 0..<30 { root = (root + 2 / root) / 2 }
print "{root:15}", int(root * 1000), real(7) / 2
var inside = 0, x = 0.1234, y = 0.4321
for i in 0..<20000 {
    x = (x * 997 + 0.1) % 1
    y = (y * 991 + 0.7) % 1
    if x * x + y * y < 1 and not (x == y) { inside += 1 }
}
print abs(4 * inside / 20000 - pi) < 0.1

//> 249750 111
//> 46
//> 130.7649 7.5 20
//> 102334155 0.884008 25 -2.0000
//> 2 -3 -0.5 1024 true
//> 1.414213562373095 1414 3.5
//> true
