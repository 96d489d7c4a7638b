fn act(name: string, x: real[B, D]) -> real[B, D] {
    match name { "relu" { relu(x) } "tanh" { tanh(x) } _ { fail("no activation {name}") } }
}
print act("relu", ones[1, 2]), act("tanh", ones[1, 2])
fn later(x: real) -> real { if x > 0 { x } else { fail("not yet") } }
let n = sum(uniform[3])
if n > 2 { fail("too many") }
