// The distributions of first values: mean 0, the deviation and the range of their formulas, 20 000 draws each.
fn off(w: real[N, M], wanted: real) { abs(deviation(w, over: [0, 1]) / wanted - 1) }
fn middle(w: real[N, M], wanted: real) { abs(mean(w)) / wanted }
let w = zeros[100, 200]
for (name, made, wanted, most) in [
    ("glorot", glorot()(w), sqrt(2 / 300), sqrt(6 / 300)),
    ("glorot, gain 2", glorot(2)(w), 2 * sqrt(2 / 300), 2 * sqrt(6 / 300)),
    ("glorot_normal", glorot_normal()(w), sqrt(2 / 300), inf),
    ("he", he()(w), sqrt(2 / 200), inf),
    ("he_uniform", he_uniform()(w), sqrt(2 / 200), sqrt(6 / 200)),
    ("lecun", lecun()(w), sqrt(1 / 200), inf),
    ("truncated", truncated(0.5)(w), 0.5 * 0.87962566, 1.0),
    ("orthogonal", orthogonal_start()(w), sqrt(1 / 200), 1.0),
    ("sparse", sparse_start(0.1)(w), 0.01 * sqrt(0.1), inf),
] {
    expect off(made, wanted) < 0.05
    expect middle(made, wanted) < 0.03
    expect max(abs(made)) <= most * 1.000001
    // A bound is reached, nearly.
    if most < 1 { expect max(abs(made)) > most * 0.99 }
    print name
}
let q = orthogonal_start()(w), tall = orthogonal_start(3.0)(w.T), k = orthogonal_start()(zeros[4, 2, 3, 3])
print q @ q.T ~= identity(100), tall.T @ tall ~= 9 * identity(100)
print reshape(k, [4, 18]) @ reshape(k, [4, 18]).T ~= identity(4)
print sum(identity_start()(zeros[3, 5])), identity_start(2.0)(zeros[2, 2])
let s = sparse_start(0.1)(w)
print abs(mean(real(s != 0)) - 0.1) < 0.01
// The shape of a distribution: a normal one has the fourth moment 3, an even one 9/5.
fn fourth(w: real[N, M]) { mean(w^4) / mean(w^2)^2 }
print abs(fourth(he()(w)) - 3) < 0.15, abs(fourth(glorot()(w)) - 1.8) < 0.05
print abs(deviation(uniform[20000], over: 0) - sqrt(1 / 12)) < 0.01, abs(mean(normal[20000])) < 0.03

//> glorot
//> glorot, gain 2
//> glorot_normal
//> he
//> he_uniform
//> lecun
//> truncated
//> orthogonal
//> sparse
//> true true
//> true
//> 3 [[2, 0],
//>  [0, 2]]
//> true
//> true true
//> true true
