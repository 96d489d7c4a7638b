// Values of plain code: numbers, lists, tuples, strings, choices and loops.
let n = 7, r = 2.5, yes = true
print n, r, yes, "text"
print n / 2, n div 2, n % 2, 2^10, -n
print "{n} times {r} is {n * r}"
print [1, 2, 3], (1, 2.5), [[1.0, 2.0], [3.0, 4.0]]
var total = 0
for i in 1..10 { total = total + i }
print total
var x = 1.0
while x < 100 { x = x * 3 }
print x
let (a, b) = (3, 4)
print if a < b { "less" } else { "more" }
print a == 3 and not (b == 3), a > 3 or b > 3
fn twice(x: real) -> real { 2 * x }
print twice(1.5)
var count = 0
repeat 3 { count = count + 1 }
print count
print 1 / 3, 1e-9, 123456789.0, 2/0.0

//> 7 2.5 true text
//> 3.5 3 1 1024 -7
//> 7 times 2.5 is 17.5
//> [1, 2, 3] (1, 2.5) [[1, 2], [3, 4]]
//> 55
//> 243
//> less
//> true true
//> 3
//> 3
//> 0.33333 1e-9 123456789 inf
