// Axes by name: split, moved, merged, matched.
layer Heads(n: int)(x: real[B, T, D]) -> real[B, n, T, D / n] where D % n == 0 {
    dim K = D / n
    x |> rearrange([B, T, (n K)] -> [B, n, T, K])
}
let x = [[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]
let h = x |> Heads(2)
print h
layer Scores(q: real[B, H, T, K], m: real[B, H, S, K]) -> real[B, H, T, S] { dot(q, m, over: K) }
let scores = Scores()
print scores(h, h)
print dot([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
print concatenate([1.0, 2.0], [3.0]), append([1.0, 2.0], 3.0)
print stack([1.0, 2.0], [3.0, 4.0]), stack([1.0, 2.0], [3.0, 4.0], over: 1)
let (a, b) = chunk([1.0, 2.0, 3.0, 4.0], 2)
print a, b
let m = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
print m[0..<1], m[.., 1..<3], m[.., -1], m[0, new]
print m[index([1, 0, 1], 2)]
print squeeze([[1.0], [2.0]]), last(m, over: 0)
let w = [[0.5, 1.0], [1.5, 2.0]]
print grad(sum(w[index([1, 1, 0], 2)]^2), wrt: w)

//> [[[[1, 2],
//>    [5, 6]],
//>   [[3, 4],
//>    [7, 8]]]]
//> [[[[5, 17],
//>    [17, 61]],
//>   [[25, 53],
//>    [53, 113]]]]
//> 32
//> [1, 2, 3] [1, 2, 3]
//> [[1, 2],
//>  [3, 4]] [[1, 3],
//>  [2, 4]]
//> [1, 2] [3, 4]
//> [[1, 2, 3]] [[2, 3],
//>  [5, 6]] [3, 6] [[1, 2, 3]]
//> [[4, 5, 6],
//>  [1, 2, 3],
//>  [4, 5, 6]]
//> [1, 2] [4, 5, 6]
//> [[1, 2],
//>  [6, 8]]
