/// The candidate most like `name`, if it is near enough to be a slip of the fingers: at most a third of
/// its letters changed, added, left out or swapped with the next.
package func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
  let limit = max(1, name.count / 3)
  return candidates.map { (name: $0, distance: editDistance(name, $0)) }
    .filter { $0.distance <= limit && $0.name != name }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
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
