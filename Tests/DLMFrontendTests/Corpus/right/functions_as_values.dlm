fn apply_twice(f: fn, x: real[...S]) { f(f(x)) }
layer Act(f: fn, n: int)(x: real[B, D]) -> real[B, n] { f(x |> Linear(n)) }
print apply_twice(fn (x) { x * 2 }, [1.0, 2.0])
let net = Act(fn (x) { maximum(x, 0) }, 4)
print net(ones[2, 3])
