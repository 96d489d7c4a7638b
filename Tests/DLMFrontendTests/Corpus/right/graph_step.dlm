// Messages along edges: an adjacency of N by N and features of N.
layer Graph(out: int)(a: real[N, N], x: real[N, D]) -> real[N, out] {
    let degree = sum(a, over: 1)[.., new] + 1
    relu((a @ x + x) / degree |> Linear(out))
}
let g = [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
print Graph(4)(g, ones[3, 2])
