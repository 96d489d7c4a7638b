// One layer for each turn of a repeat, also at the top of a file; one for all calls, made in front.
let shared = Linear(3)
fn twice(x: real[B, 3]) -> real[B, 3] { shared(shared(x)) }
repeat n in [4, 8] {
    let net = Linear(n)
    print net(ones[1, 2])
}
print twice(ones[1, 3]), twice(zeros[1, 3])
