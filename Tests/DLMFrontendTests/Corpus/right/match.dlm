// Values by their cases: strings, numbers, ranges, truth values; the taken case decides the shape.
layer Body(kind: string = "wide", n: int = 2)(x: real[B, D]) -> real[B, _] {
    let h = match kind {
        "wide" { x |> Linear(4 * n) }
        "deep", "narrow" { x |> Linear(n) |> tanh |> Linear(n) }
        _ { fail("no body is called {kind}") }
    }
    h |> relu
}
let wide = Body()(ones[3, 5]) + zeros[3, 8]
let deep = Body("deep", n: 3)(ones[3, 5]) + zeros[3, 3]

fn grade(points: int) {
    match points div 10 {
        0..<5 { "failed" }
        5, 6 { "passed" }
        7..8 { "good" }
        _ { "very good" }
    }
}
for p in [12, 55, 88, 95] { print grade(p) }

var turns = 0
match deep[0, 0] > 0.5 {
    true { turns += 1 }
    false { turns -= 1 }
}
print turns, sum(wide), "a" != "b"
