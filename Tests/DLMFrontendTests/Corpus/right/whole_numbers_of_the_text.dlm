var ids = [1]
repeat 4 { ids = append(ids, 2) }
print index(ids, 10)
print Linear(2)([[1, 2], [3, 4]])
print relu([3, -4])
fn first(x: real[N]) -> real[N] { x }
print first([1, 2, 3])
