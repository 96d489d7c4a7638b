// Every row with every other, where `new` on both sides says so.
fn far(x: real[N, D]) -> real[N, N] { sum((x[.., new, ..] - x[new, .., ..])^2, over: -1) }

fn same(y: index(5)[B]) -> bool[B, B] { y[.., new] == y[new, ..] }

fn gaps(x: real[B, T, D]) -> real[T, T] {
    let p = real(positions(T))
    p[.., new] - p[new, ..]
}

print far(normal[3, 2]), same(index([1, 2, 1], 5)), gaps(normal[1, 3, 2])  // 3
