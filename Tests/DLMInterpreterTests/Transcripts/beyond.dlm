// A whole number beyond the range of 64 bits.
var big = 1
for i in 0..<39 { big = big * 3 }
print big
for i in 0..<39 { big = big * 3 }
print big

//! error[N038]: this goes beyond whole numbers of 64 bits
//!   ┌─ beyond.dlm:5:25
//! 5 │ for i in 0..<39 { big = big * 3 }
//!   │                         ^^^^^^^
//!   help: does a loop double it?
