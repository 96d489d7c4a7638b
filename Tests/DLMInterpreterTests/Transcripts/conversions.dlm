// One number becomes what its new type can hold, as the elements of a tensor do.
let x = 2.7
print int(x), int(-1.9), i32(1.9), i32(1e12), u8(300.5), u8(-3.0), bool(0.3), int(7 / 2) * 2
print [10, 20, 30][int(x)], zeros[int(x)], int(sum(ones[3]) + 0.5)
print "{f16(0.1):8} {bf16(0.1):8} {f16(70000.0)}", i32(0.0 / 0.0)

//> 2 -1 1 2147483647 255 0 true 6
//> 30 [0, 0] 3
//> 0.09997559 0.10009766 inf 0
