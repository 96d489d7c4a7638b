// Rows by numbers, by ranges, from the end and by a tensor of ids.
let table = uniform[10, 4]
let ids = index([[1, 2, 3], [4, 5, 6]], 10)
let vectors = table[ids]
expect length(vectors) == 2
print mean(vectors, over: 1), table[-1], table[2..<5, 0]
