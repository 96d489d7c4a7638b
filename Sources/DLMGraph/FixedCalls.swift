import DLMTensor

/// The calls whose results are the same at every run, since they read nothing that a run is given: masks,
/// positions, places where a resized picture reads.
struct FixedCalls {
  /// Numbers of the calls, in order.
  let numbers: [Int]
  /// What others read of them.
  let kept: Set<Int>

  /// - Parameter isOwn: whether a term lies in the arena.
  init(_ calls: [Call], isOwn: (Int) -> Bool) {
    var writers: [Int: [Int]] = [:]
    for (number, call) in calls.enumerated() {
      for result in call.results { writers[result.term, default: []].append(number) }
    }
    var candidates = Set(
      calls.indices.filter { number in
        calls[number].kernel.isFixed && calls[number].results.allSatisfy { isOwn($0.term) }
      })
    var fixed: Set<Int> = []
    func isFixed(_ term: Int) -> Bool {
      writers[term].map { $0.allSatisfy(fixed.contains) } ?? (term == Call.nothing)
    }
    // Again without what writes, together with others, a term that is not fixed.
    while true {
      fixed = []
      for number in calls.indices where candidates.contains(number) {
        if calls[number].operands.allSatisfy({ isFixed($0.term) }) { fixed.insert(number) }
      }
      let partial = fixed.filter { number in
        !calls[number].results.allSatisfy { isFixed($0.term) }
      }
      if partial.isEmpty { break }
      candidates.subtract(partial)
    }
    numbers = fixed.sorted()
    var kept: Set<Int> = []
    for number in calls.indices where !fixed.contains(number) {
      for operand in calls[number].operands
      where operand.term != Call.nothing && isFixed(operand.term) {
        kept.insert(operand.term)
      }
    }
    self.kept = kept
  }
}

extension Kernel {
  /// Whether equal operands give equal results at every run.
  fileprivate var isFixed: Bool {
    switch self {
    case .random, .loop: false
    default: true
    }
  }
}
