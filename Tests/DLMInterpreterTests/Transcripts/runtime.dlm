// What only a run can find ends it with the place in the program.
let row = index([0, 1], 2)
print pick([[1.0, 2.0], [3.0, 4.0]], row, over: -1)
var n = 3.0
while n > 0 { n = n - 1 }
expect n == 0
expect n == 1

//! error[N026]: expected n == 1, but it does not hold
//!   ┌─ runtime.dlm:7:8
//! 7 │ expect n == 1
//!   │        ^^^^^^
//!   = what was compared
//!       n is 0
