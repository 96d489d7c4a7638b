// A sequence without a place.
print LSTM(3)(ones[1, 2, 4])[0, 1] >= -1
print LSTM(3)(zeros[2, 0, 4])

//! error[N025]: `scan` goes over axis 1 of real[B, T, I], which has no places
//!   ┌─ placeless.dlm:3:7
//! 3 │ print LSTM(3)(zeros[2, 0, 4])
//!   │       ^^^^^^^^^^^^^^^^^^^^^^^
