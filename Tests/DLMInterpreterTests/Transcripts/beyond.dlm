// A whole number beyond the range of 64 bits.
var big = 1
for i in 0..<39 { big = big * 3 }
print big
for i in 0..<39 { big = big * 3 }
print big

//> 4052555153018976267
//> (too large)
