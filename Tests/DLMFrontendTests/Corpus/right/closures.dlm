fn compose(f: fn, g: fn) { fn (x) { g(f(x)) } }
let double = fn (x) { 2 * x }
let inc = fn (x) { x + 1 }
let both = compose(double, inc)
print both(3)
let table = (name: "net", sizes: [1, 2, 3])
print table.name, table.sizes[1]
var total = 0
for s in table.sizes { total = total + s }
expect total == 6
print "{total} and {1.0 / 3:3}"
