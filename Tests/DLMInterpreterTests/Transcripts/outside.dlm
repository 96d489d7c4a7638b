// An element that a list does not have, met by a loop that runs as one.
let xs = [1.0, 2.0, 3.0]
var total = 0.0
for i in 0..<20 { total = total + xs[i % 3] }
print total
for i in 0..<20 { total = total + xs[i] }

//! error[N018]: there is no element 3: the list has 3
//!   ┌─ outside.dlm:6:38
//! 6 │ for i in 0..<20 { total = total + xs[i] }
//!   │                                      ^
