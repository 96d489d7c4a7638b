// Quotients of whole numbers are rounded down, and exact to the ends of an `i32`.
let n = int([-7, 7, 2147483647, -2147483648])
print n div 2, n % 2
print n div 3 * 3 + n % 3 - n
print int([7, -7]) div int([-2, 2]), 7 div int([2, -2]), i64([7]) div i32([2])
let ids = index([5, 3], 6)
print ids div 2
//> [-4, 3, 1073741823, -1073741824] [1, 1, 1, 0]
//> [0, 0, 0, 0]
//> [-4, -4] [3, -4] [3]
//> [2, 1]
