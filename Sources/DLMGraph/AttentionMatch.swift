import DLMTensor

/// The terms of one attention and of its gradients.
struct AttentionMatch {
  /// What it gives; the gradient of keys is that of `k^T`.
  enum Part: Hashable { case output, queries, keysTurned, values }

  var queries: Int
  var keysTurned: Int
  var values: Int
  var scale = 1.0
  /// Truth values, and what a score is where they hold.
  var mask: (term: Int, hidden: Double)?
  var outputGradient: Int?
  var results: [Part: Int] = [:]
}

/// Finds attention among terms as the gradients of `exp(s - max s) / sum` come out when simplified.
struct AttentionFinder {
  private var terms: Terms
  /// Terms that read each term and are needed; outputs and assignments count as readers of their own.
  private let users: [[Int]]
  private let live: [Bool]

  init(_ draft: Draft) {
    terms = draft.terms
    let count = draft.terms.all.count
    var live = [Bool](repeating: false, count: count)
    var users = [[Int]](repeating: [], count: count)
    for root in draft.outputs + draft.assignments.map(\.term) {
      live[root] = true
      users[root].append(-1)
    }
    for index in (0..<count).reversed() where live[index] {
      for operand in Set(draft.terms[index].operands) {
        live[operand] = true
        users[operand].append(index)
      }
    }
    (self.live, self.users) = (live, users)
  }

  mutating func matches() -> [AttentionMatch] {
    live.indices.filter { live[$0] }.compactMap { match($0) }
  }

  private func isMap(_ index: Int, _ function: ScalarFunction) -> Bool {
    terms[index].action == .map(function)
  }

  /// What `index` repeats along its last axis.
  private func repeated(_ index: Int) -> Int? {
    let term = terms[index]
    guard case .broadcast(let axes) = term.action, axes == Array(term.dims.indices.dropLast())
    else { return nil }
    return term.operands[0]
  }

  /// The reduction over the last axis of `x` that `index` is.
  private func isReduction(_ index: Int, _ reduction: Reduction, of x: Int) -> Bool {
    terms[index].action == .reduce(reduction, [terms[x].dims.count - 1])
      && terms[index].operands == [x]
  }

  /// The only operand beside `known`, of a function that does not mind their order.
  private func other(_ index: Int, than known: Int) -> Int? {
    let operands = terms[index].operands
    return operands[0] == known ? operands[1] : operands[1] == known ? operands[0] : nil
  }

  /// `x` and the factor of `x * factor` or `x / divisor`; of anything else, itself and 1.
  private func scaled(_ index: Int) -> (Int, Double) {
    let term = terms[index]
    guard term.operands.count == 2, let value = terms.constant(term.operands[1]) else {
      return (index, 1)
    }
    return switch term.action {
    case .map(.multiply): (term.operands[0], value)
    case .map(.divide): (term.operands[0], 1 / value)
    default: (index, 1)
    }
  }

  private mutating func match(_ output: Int) -> AttentionMatch? {
    let term = terms[output]
    guard term.action == .matmul, term.dims.count > 1, term.elementType == .f32, term.count > 0
    else { return nil }
    let (p, values) = (term.operands[0], term.operands[1])
    guard isMap(p, .divide), let sum = repeated(terms[p].operands[1]) else { return nil }
    let e = terms[p].operands[0]
    guard isReduction(sum, .sum, of: e), isMap(e, .exp), isMap(terms[e].operands[0], .subtract)
    else { return nil }
    let z = terms[e].operands[0]
    let scores = terms[z].operands[0]
    guard let largest = repeated(terms[z].operands[1]), isReduction(largest, .max, of: scores)
    else {
      return nil
    }
    var found = AttentionMatch(queries: 0, keysTurned: 0, values: values)
    var inside: Set<Int> = [
      p, terms[p].operands[1], sum, e, z, terms[z].operands[1], scores, largest,
    ]
    var product = scores
    if isMap(scores, .select) {
      guard let mask = mask(scores) else { return nil }
      found.mask = mask
      product = terms[scores].operands[2]
      inside.insert(product)
    }
    (product, found.scale) = scaled(product)
    inside.insert(product)
    // Few heads of few queries are no work for several threads; products divide further.
    let dims = terms[product].dims
    let heads = dims.dropLast(2).reduce(1, *)
    let shares = max(1, dims[dims.count - 2] / Attention.leastShare)
    guard terms[product].action == .matmul, heads * shares > 3, dims[dims.count - 1] > 1 else {
      return nil
    }
    (found.queries, found.keysTurned) = (terms[product].operands[0], terms[product].operands[1])
    guard terms[found.queries].count > 0 else { return nil }
    found.results[.output] = output
    inside.insert(output)
    guard addGradients(to: &found, p: p, e: e, sum: sum, &inside) else { return nil }
    inside.remove(output)
    let results = Set(found.results.values)
    let isOwn = inside.allSatisfy {
      users[$0].allSatisfy { inside.contains($0) || results.contains($0) }
    }
    return isOwn ? found : nil
  }

  /// The mask of `select(mask, hidden, x)`, and what is hidden.
  private func mask(_ scores: Int) -> (term: Int, hidden: Double)? {
    let operands = terms[scores].operands
    guard let hidden = terms.constant(operands[1]) else { return nil }
    let mask = operands[0]
    let rank = terms[scores].dims.count
    guard terms[mask].elementType == .bool else { return nil }
    if case .broadcast(let axes) = terms[mask].action {
      let source = terms[terms[mask].operands[0]].dims
      guard axes.last == rank - 1, source.last == terms[scores].dims[rank - 1] else { return nil }
    }
    return (mask, hidden)
  }

  /// Finds what reads probabilities beside the output; false where it is no gradient.
  private mutating func addGradients(
    to found: inout AttentionMatch, p: Int, e: Int, sum: Int, _ inside: inout Set<Int>
  ) -> Bool {
    let readers = users[p].filter { $0 != found.results[.output] }
    guard !readers.isEmpty else { return true }
    let pTurned = terms.turned(p)
    for reader in readers {
      guard reader >= 0 else { return false }
      if reader == pTurned {
        guard users[reader].count == 1, let dv = users[reader].first, dv >= 0,
          terms[dv].action == .matmul, terms[dv].operands[0] == pTurned,
          agree(&found.outputGradient, terms[dv].operands[1])
        else { return false }
        inside.insert(reader)
        found.results[.values] = dv
      } else if isMap(reader, .multiply), let dp = other(reader, than: p) {
        guard addScoreGradients(to: &found, reader, dp, e, sum, &inside) else { return false }
      } else {
        return false
      }
    }
    // What the kernel reads must be there before the first of its results.
    let first = found.results.filter { $0.key != .output }.values.min() ?? 0
    guard let output = found.results[.output], let dy = found.outputGradient else { return false }
    return output < first && dy < first
  }

  private func agree(_ known: inout Int?, _ new: Int) -> Bool {
    defer { known = new }
    return known == nil || known == new
  }

  /// From `product = p dp`: the gradient of scores, `e (dp / sum - sum(product) / sum)`, and of both
  /// factors that they are products of.
  private mutating func addScoreGradients(
    to found: inout AttentionMatch, _ product: Int, _ dp: Int, _ e: Int, _ sum: Int,
    _ inside: inout Set<Int>
  ) -> Bool {
    guard terms[dp].action == .matmul, terms[dp].operands[1] == terms.turned(found.values),
      agree(&found.outputGradient, terms[dp].operands[0]),
      let total = only(product), isReduction(total, .sum, of: product),
      let negative = only(total), isMap(negative, .negate),
      let mean = only(negative), isMap(mean, .divide), terms[mean].operands[1] == sum,
      let wide = only(mean), repeated(wide) == mean,
      let difference = only(wide), isMap(difference, .add),
      let quotient = other(difference, than: wide), isMap(quotient, .divide),
      terms[quotient].operands[0] == dp, repeated(terms[quotient].operands[1]) == sum,
      let ds = only(difference), isMap(ds, .multiply), other(ds, than: difference) == e
    else { return false }
    inside.formUnion([product, dp, total, negative, mean, wide, difference, quotient, ds])
    var gradient = ds
    if let mask = found.mask {
      guard let chosen = only(gradient), isMap(chosen, .select),
        terms[chosen].operands[0] == mask.term, terms.constant(terms[chosen].operands[1]) == 0,
        terms[chosen].operands[2] == gradient
      else { return false }
      gradient = chosen
      inside.insert(chosen)
    }
    if found.scale != 1 {
      guard let last = only(gradient), scaled(last) == (gradient, found.scale) else { return false }
      gradient = last
      inside.insert(last)
    }
    let keys = terms.turned(found.keysTurned)
    let queriesTurned = terms.turned(found.queries)
    for reader in users[gradient] {
      guard reader >= 0, terms[reader].action == .matmul else { return false }
      if terms[reader].operands == [gradient, keys] {
        found.results[.queries] = reader
      } else if terms[reader].operands == [queriesTurned, gradient] {
        found.results[.keysTurned] = reader
      } else {
        return false
      }
    }
    return true
  }

  /// The one term that reads `index`.
  private func only(_ index: Int) -> Int? {
    guard users[index].count == 1, let user = users[index].first, user >= 0 else { return nil }
    return user
  }
}
