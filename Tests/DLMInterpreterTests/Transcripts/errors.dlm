// One mistake is told once, and does not hide the next.
let a = [[1.0, 2.0]] @ [[1.0, 2.0]]
let b = unknown_name + 1
let c = a + b
layer Net(x: real[B, 4]) -> real[B, 2] { x |> Linear(3) }
let net = Net()
print net(ones[2, 5])

//! error[S018]: `@` sums over the last axis of the left, 2, and the rows of the right, 1: they must be equal
//!   ┌─ errors.dlm:2:9
//! 2 │ let a = [[1.0, 2.0]] @ [[1.0, 2.0]]
//!   │         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! error[N001]: unknown name `unknown_name`
//!   ┌─ errors.dlm:3:9
//! 3 │ let b = unknown_name + 1
//!   │         ^^^^^^^^^^^^
//! error[S013]: Net is declared to give real[B, 2], but gives real[B, 3]: axis 1 is 3, where 2 is needed
//!   ┌─ errors.dlm:5:42
//! 5 │ layer Net(x: real[B, 4]) -> real[B, 2] { x |> Linear(3) }
//!   │                             ---------- declared here
//!   │                                          ^^^^^^^^^^^^^^
//!   = how it came about
//!       x            real[B, 4]    input of Net
//!       Linear(3)    real[B, 3]
//! error[S011]: Net takes real[B, 4] for `x`, but gets real[2, 5]: axis 1 is 5, where 4 is needed
//!   ┌─ errors.dlm:7:11
//! 7 │ print net(ones[2, 5])
//!   │           ^^^^^^^^^^
