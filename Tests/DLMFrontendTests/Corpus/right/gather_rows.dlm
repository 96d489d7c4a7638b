layer Pick(n: int)(ids: index(n)[B], x: real[B, D]) -> real[B, D] {
    param table: real[n, D] = 0
    table[ids] + x
}
print Pick(5)(index([1, 2], 5), ones[2, 3])
