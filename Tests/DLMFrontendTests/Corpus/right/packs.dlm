// One definition for any number of spatial axes.
layer Norm(x: real[B, C, ...S]) -> real[B, C, ...S] {
    param g: real[C] = 1
    let m = mean(x, over: all but C)
    (x - m along 1) * g along 1
}
let norm1 = Norm()
print norm1(ones[2, 3, 4])
let norm2 = Norm()
print norm2(ones[2, 3, 4, 5])
