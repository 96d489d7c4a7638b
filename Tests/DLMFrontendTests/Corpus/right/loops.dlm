var total = 0.0
for i in 0..<10 { total = total + i * 0.5 }
var n = 1
while n < 100 { n = n * 2 }
expect n == 128
print "{total:1} and {n}"
