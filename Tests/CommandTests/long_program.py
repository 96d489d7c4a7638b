"""Writes a right program of about N lines, as `dlm check` is timed with: `python long_program.py N > long.dlm`.
Layers with statics, branches, repeats and scans, functions, an optimizer, data, trainings and plain code, each
part with its own widths, so that no call of one part is a call of another."""

import sys

PART = """
/// Residual stages of width {w}, {d} deep.
/// - Returns: one score for each of {k} classes.
layer Net{i}(width: int = {w}, depth: int = {d})(x: real[B, C, H, W]) -> logit[B, {k}] {{
    var h = x |> Conv(width, k: 3, pad: 1, bias: false) |> BatchNorm() |> relu
    repeat j in 0..<depth {{
        let y = h |> Conv(width * 2^j, k: 3, stride: j > 0 ? 2 : 1, pad: 1) |> BatchNorm() |> relu
        let s = if j == 0 {{ h }} else {{ h |> Conv(width * 2^j, k: 1, stride: 2) }}
        h = relu(y + s)
    }}
    h |> global_mean |> Dropout(0.{p}) |> Linear({k})  // one row for each picture
}}

layer Reader{i}(n: int = {n})(ids: index({v})[B, T]) -> real[B, T, n] {{
    let cell = LSTMCell(n)
    let e = ids |> Embedding({v}, n)
    scan xt in e over T, carry (h, c) = (zeros[B, n], zeros[B, n]) {{
        (h, c) = cell(xt, h, c)
        emit h
    }}
}}

layer Mixer{i}(heads: int = 4)(q: real[B, T, D], m: real[B, S, D]) -> real[B, T, D]
    where D % heads == 0
{{
    dim K = D / heads
    let qh = q |> Linear(D) |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
    let mh = m |> Linear(D) |> rearrange([B, S, (heads K)] -> [B, heads, S, K])
    let a = softmax(dot(qh, mh, over: K) / sqrt(K), over: S)
    q + (dot(a, mh, over: S) |> rearrange([B, heads, T, K] -> [B, T, (heads K)]) |> Linear(D))
}}

fn mixed{i}(a: real[B, D], b: real[B, D], share: real = 0.{p}) -> real[B, D] {{
    if share > 0.5 {{ a * share + b * (1 - share) }} else {{ (a - b)^2 / (1 + abs(a)) }}
}}

data points{i} = rows(x: [[0.0, 1.0], [1.0, 0.5], [2.0, 0.25]], y: [[1.0], [0.0], [{p}.5]])
let net{i} = Net{i}(), reader{i} = Reader{i}(), mixer{i} = Mixer{i}(), line{i} = Linear(1)
let scores{i} = net{i}(normal[{b}, 3, 32, 32])
let words{i} = reader{i}(index([[0, 1, 2], [2, 1, 0]], {v}))
let seen{i} = mixer{i}(normal[2, 5, {m}], normal[2, 7, {m}])

train fit{i} on points{i} {{
    batch 3 shuffled
    epochs {d}
    minimize mse(line{i}(x), y) over line{i} with Adam(lr: 1e-{d})
    every epoch {{ log loss }}
}}

var total{i} = 0.0
for n in [1, 2, {w}] {{
    total{i} += n > 1 ? sum(mixed{i}(normal[2, n], normal[2, n])) : 0.0
}}
print "part {i}: {{total{i}:3}} of {{sum(scores{i}):2}}", mean(words{i}), mean(seen{i})
"""


def program(lines):
    text, i = "// Written by long_program.py.\n", 0
    while text.count("\n") < lines:
        text += PART.format(
            i=i, w=8 + i % 24, d=2 + i % 2, k=10 + i, p=1 + i % 9, n=16 + i, v=30 + i, b=2 + i % 3,
            m=4 * (2 + i % 6))
        i += 1
    return text


print(program(int(sys.argv[1])), end="")
