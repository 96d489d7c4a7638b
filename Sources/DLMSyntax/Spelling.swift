/// What other languages and libraries call things, in small letters without `_`.
private let foreignNames: [String: [String]] = [
  "kernel": ["k"], "kernelsize": ["k"], "poolsize": ["k"], "ksize": ["k"], "size": ["k"],
  "strides": ["stride"], "padding": ["pad"], "filters": ["out"], "units": ["out"],
  "outchannels": ["out"], "outfeatures": ["out"], "infeatures": ["in"], "inchannels": ["in"],
  "usebias": ["bias"], "learningrate": ["lr"], "rate": ["lr", "p"], "stepsize": ["lr"],
  "weightdecay": ["decay"], "l2": ["decay"], "epsilon": ["eps"], "dim": ["over"], "axis": ["over"],
  "axes": ["over"], "dims": ["over"], "along": ["over"], "keepdim": ["keep"], "keepdims": ["keep"],
  "numheads": ["heads"], "nheads": ["heads"], "beta1": ["betas"], "beta2": ["betas"],
  "dense": ["Linear"], "fullyconnected": ["Linear"], "conv1d": ["Conv"], "conv2d": ["Conv"],
  "conv3d": ["Conv"], "convolution": ["Conv"], "convtranspose2d": ["ConvT"],
  "conv2dtranspose": ["ConvT"], "batchnorm1d": ["BatchNorm"], "batchnorm2d": ["BatchNorm"],
  "batchnormalization": ["BatchNorm"], "layernormalization": ["LayerNorm"],
  "maxpool1d": ["MaxPool"], "maxpool2d": ["MaxPool"], "maxpooling2d": ["MaxPool"],
  "avgpool2d": ["MeanPool"], "avgpool": ["MeanPool"], "averagepool": ["MeanPool"],
  "averagepooling2d": ["MeanPool"], "multiheadattention": ["Attention"],
  "crossentropyloss": ["cross_entropy"], "categoricalcrossentropy": ["cross_entropy"],
  "sparsecategoricalcrossentropy": ["cross_entropy"], "nllloss": ["nll"], "mseloss": ["mse"],
  "meansquarederror": ["mse"], "l1loss": ["mae"], "meanabsoluteerror": ["mae"],
  "bceloss": ["bce"], "binarycrossentropy": ["bce"], "bcewithlogitsloss": ["bce_logits"],
  "len": ["length"], "cat": ["concatenate"], "concat": ["concatenate"], "matmul": ["dot"],
  "mm": ["dot"], "einsum": ["dot"], "average": ["mean"], "clip": ["clamp"], "where": ["select"],
  "view": ["reshape"], "permute": ["rearrange"], "transpose": ["rearrange"],
  "swapaxes": ["rearrange"], "arange": ["positions"], "randn": ["normal"], "rand": ["uniform"],
  "logsoftmax": ["log_softmax"], "leakyrelu": ["leaky_relu"], "ln": ["log"], "pow": ["power"],
  "categoricalaccuracy": ["accuracy"], "acc": ["accuracy"], "batchsize": ["batch"],
  "epoch": ["epochs"], "save": ["checkpoint"], "gradclip": ["clip"],
  "standardize": ["normalize"],
  "normalise": ["normalize"], "rescale": ["scale"], "float": ["real"], "double": ["f64"],
  "tensor": ["real"], "integer": ["int"], "long": ["int"], "str": ["string"], "boolean": ["bool"],
]

/// The candidate most like `name`: what another library calls so; else the one that is near enough to
/// be a slip of the fingers, at most a third of its letters changed, added, left out or swapped with the
/// next, or that differs in capitals only.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  // Nobody means a word by so long a name, and comparing takes as long as it is.
  guard name.utf8.count <= 64 else { return nil }
  let candidates = Array(candidates)
  let plain = name.lowercased().filter { $0 != "_" }
  let known = foreignNames[plain] ?? []
  if let known = known.first(where: { candidates.contains($0) && $0 != name }) { return known }
  // Three letters or fewer have too many neighbours: only one too few, too many or another order counts.
  let isShort = name.count <= 3
  let limit = max(1, name.count / 3)
  let same = candidates.filter { candidate in
    candidate.utf8.count >= plain.utf8.count && candidate != name
      && candidate.lowercased().filter { $0 != "_" } == plain
  }
  if let same = same.min() { return same }
  // Of those that are as near, the one of the same letters: they were typed in another order.
  let (letters, count) = (name.sorted(), name.count)
  return candidates.filter { abs($0.count - count) <= limit }
    .map { (name: $0, distance: editDistance(name, $0)) }
    .filter { $0.distance <= limit && $0.name != name }
    .filter { !isShort || $0.name.count != name.count || $0.name.sorted() == letters }
    .map { (name: $0.name, rank: ($0.distance, $0.name.sorted() == letters ? 0 : 1, $0.name)) }
    .min { $0.rank < $1.rank }?.name
}

/// Whether `near` can only be what was meant by `name`: a letter too few or too many, two of them swapped,
/// other capitals, or what another library calls it. With another letter in its place a short name may be
/// another word, `prob` and `prod`.
package func isSlip(_ name: String, of near: String) -> Bool {
  if name.count >= 6, editDistance(name, near) == 1 { return true }
  let plain = name.lowercased().filter { $0 != "_" }
  return name.count != near.count || name.sorted() == near.sorted()
    || plain == near.lowercased().filter { $0 != "_" }
    || foreignNames[plain]?.contains(near) ?? false
}

/// The fewest insertions, deletions, replacements and swaps of neighbours between two words.
/// - Source: Damerau 1964, https://doi.org/10.1145/363958.363994
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var older: [Int] = []
  var old = Array(0...b.count)
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var best = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        best = min(best, older[j - 2] + 1)
      }
      row.append(best)
    }
    (older, old) = (old, row)
  }
  return old[b.count]
}
