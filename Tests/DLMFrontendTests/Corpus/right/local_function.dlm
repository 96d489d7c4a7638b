// What moments gives loses the rows: [D] goes with [N, D] from the right end.
fn standardize(x: real[N, D]) -> real[N, D] {
    let (m, v) = moments(x, over: 0)
    (x - m) / sqrt(v + 1e-8)
}
print standardize(normal[50, 4])
