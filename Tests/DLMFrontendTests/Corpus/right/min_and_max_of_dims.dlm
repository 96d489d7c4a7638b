// Overlap of two lengths that are numbers.
dim N = 7, M = 5
let a = ones[N], b = ones[M]
print a[0..<M] * b
