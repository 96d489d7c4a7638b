// One mistake is told once, and does not hide the next.
let a = [[1.0, 2.0]] @ [[1.0, 2.0]]
let b = unknown_name + 1
let c = a + b
layer Net(x: real[B, 4]) -> real[B, 2] { x |> Linear(3) }
let net = Net()
print net(ones[2, 5])

//! error[S010]: `matmul` does not take real[1, 2] and real[1, 2]: axis 0 is 1, where 2 is needed
//!   ┌─ errors.dlm:2:9
//! 2 │ let a = [[1.0, 2.0]] @ [[1.0, 2.0]]
//!   │         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! error[N001]: unknown name `unknown_name`
//!   ┌─ errors.dlm:3:9
//! 3 │ let b = unknown_name + 1
//!   │         ^^^^^^^^^^^^
//! error[S011]: Net takes real[B, 4], but gets real[2, 5]: axis 1 is 5, where 4 is needed
//!   ┌─ errors.dlm:7:11
//! 7 │ print net(ones[2, 5])
//!   │           ^^^^^^^^^^
