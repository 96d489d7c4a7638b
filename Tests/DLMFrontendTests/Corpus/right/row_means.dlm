// keep: the axis that is averaged stays as a written 1.
layer Center(x: real[B, D]) -> real[B, D] { x - mean(x, over: D, keep: true) }
layer Unit(x: real[B, D]) -> real[B, D] { x / (norm(x, over: D)[.., new] + 1e-6) }
print Center()(Unit()(ones[3, 4]))
