import DLMTensor

/// Makes one kernel of `softmax(scale q k^T) v`, scores perhaps hidden by a mask, and one of all its
/// gradients, so that scores stay in the cache and hidden ones are left out. Sums round otherwise.
///
/// Only where nothing else wants scores or probabilities: else they would be computed twice.
struct AttentionPass {
  private let draft: Draft
  private var matches: [AttentionMatch] = []

  static func apply(to draft: Draft) -> Draft {
    var pass = AttentionPass(draft)
    return pass.matches.isEmpty ? draft : pass.rebuilt()
  }

  private init(_ draft: Draft) {
    self.draft = draft
    var finder = AttentionFinder(draft)
    matches = finder.matches()
  }

  private mutating func rebuilt() -> Draft {
    var terms = Terms()
    var numbers = [Int](repeating: -1, count: draft.terms.all.count)
    var places: [Int: (match: Int, part: AttentionMatch.Part)] = [:]
    for (index, match) in matches.enumerated() {
      for (part, term) in match.results { places[term] = (index, part) }
    }
    var kernels = [AttentionKernels?](repeating: nil, count: matches.count)
    for (index, term) in draft.terms.all.enumerated() {
      terms.line = draft.terms.lines[index]
      if let (number, part) = places[index] {
        var kernel =
          kernels[number] ?? AttentionKernels(matches[number], draft.terms, numbers, &terms)
        numbers[index] = kernel.result(part, numbers, &terms)
        kernels[number] = kernel
        continue
      }
      var copy = term
      copy.operands = term.operands.map { numbers[$0] }
      numbers[index] = terms.make(copy)
    }
    var result = draft
    result.terms = terms
    result.outputs = draft.outputs.map { numbers[$0] }
    result.assignments = draft.assignments.map { ($0.variable, numbers[$0.term]) }
    return result
  }
}

/// The two kernels of one match among new terms.
private struct AttentionKernels {
  private let match: AttentionMatch
  private let attention: Attention
  private var operands: [Int]
  private let forward: Int
  private var backward: Int?

  /// - Parameter numbers: of old terms among the new.
  init(_ match: AttentionMatch, _ old: Terms, _ numbers: [Int], _ terms: inout Terms) {
    self.match = match
    attention = Attention(scale: match.scale, hidden: match.mask?.hidden)
    let keys = terms.turned(numbers[match.keysTurned])
    operands = [numbers[match.queries], keys, numbers[match.values]]
    if let mask = match.mask { operands.append(numbers[mask.term]) }
    forward = terms.add(Term(.kernel(.attention(attention)), operands, [], .f32))
  }

  /// A new term for what `part` was.
  mutating func result(_ part: AttentionMatch.Part, _ numbers: [Int], _ terms: inout Terms) -> Int {
    let output = terms.headsInside(0, of: forward, like: outputDims(terms))
    guard part != .output, let dy = match.outputGradient else { return output }
    let rows = Array(outputDims(terms).dropLast()) + [2]
    let statistics = terms.add(Term(.part(1), [forward], rows, .f32))
    let kernel = Term(
      .kernel(.attentionGradient(attention)), operands + [output, statistics, numbers[dy]], [], .f32
    )
    let backward = self.backward ?? terms.add(kernel)
    self.backward = backward
    switch part {
    case .output: return output
    case .queries:
      return terms.headsInside(0, of: backward, like: terms[operands[0]].dims)
    case .keysTurned:
      return terms.turned(terms.headsInside(1, of: backward, like: terms[operands[1]].dims))
    case .values: return terms.headsInside(2, of: backward, like: terms[operands[2]].dims)
    }
  }

  private func outputDims(_ terms: Terms) -> [Int] {
    let (q, v) = (terms[operands[0]].dims, terms[operands[2]].dims)
    return q.dropLast() + [v[v.count - 1]]
  }
}

extension Terms {
  /// The last two axes exchanged.
  mutating func turned(_ index: Int) -> Int {
    let dims = self[index].dims
    var order = Array(dims.indices)
    order.swapAt(dims.count - 2, dims.count - 1)
    return make(Term(.transpose(order), [index], order.map { dims[$0] }, self[index].elementType))
  }

  /// Part `number` of `kernel`, of dims `[..., heads, rows, columns]`, which lies in memory as
  /// `[..., rows, heads, columns]`: what heads are split from and put together to.
  fileprivate mutating func headsInside(_ number: Int, of kernel: Int, like dims: [Int]) -> Int {
    guard dims.count > 3 else { return add(Term(.part(number), [kernel], dims, .f32)) }
    var order = Array(dims.indices)
    order.swapAt(dims.count - 3, dims.count - 2)
    let part = add(Term(.part(number), [kernel], order.map { dims[$0] }, .f32))
    return make(Term(.transpose(order), [part], dims, .f32))
  }
}
