// Cases that are tuples: values, ranges, anything, and tuples again.
fn stage(i: int, kind: string) {
    match (i, kind) {
        (0, _) { Linear(8) }
        (1..<3, "wide") { Linear(32) }
        (_, "wide"), (3..9, _) { Linear(16) }
        _ { Linear(4) }
    }
}
layer Stack(x: real[B, D]) -> real[B, 4] {
    var h = x
    repeat (i, kind) in ["wide", "wide", "thin"] {
        let f = stage(i, kind)
        h = relu(f(h))
    }
    h
}
print Stack()(ones[2, 3])
let place = (1, (2, 3.0))
print match place { (1, (_, 4.0)) { "far" } (1, (2, _)) { "near" } _ { "away" } }
let s = sum(normal[3])
print match (s > 0, 2) { (true, 2) { 1.0 } (false, 2) { 2.0 } _ { 3.0 } }
