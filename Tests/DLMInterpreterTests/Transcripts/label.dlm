// A label that is no class.
let labels = index(int([0.0, 5.0]), 3)
print cross_entropy(zeros[2, 3], labels)

//! error[R001]: index 5 is outside 0..<3 (at position 1 of the indices of `gather`)
//!   ┌─ label.dlm:3:1
//! 3 │ print cross_entropy(zeros[2, 3], labels)
//!   │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
