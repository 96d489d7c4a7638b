let a = Conv(4, k: 3)(ones[1, 2, 9])
let b = Conv(4, k: [3, 1], pad: [1, 0])(ones[1, 2, 9, 9])
let c = Conv(4, k: 2, stride: 2)(ones[1, 2, 8, 8, 8])
expect a[0, 0, 0] == a[0, 0, 0]
print a, b, c
