import DLMTensor

/// Places in one arena by the time that each term is needed: first fit, largest hole last.
struct ArenaLayout {
  /// Byte offsets of terms.
  private(set) var offsets: [Int: Int] = [:]
  private(set) var byteCount = 0
  private var holes: [Range<Int>] = []
  private var sizes: [Int: Int] = [:]

  /// Lays out the results of `calls` that `needsPlace`.
  ///
  /// - Parameters:
  ///   - kept: terms whose places nothing else takes, before or after.
  ///   - bytes: how many bytes a term needs.
  init(
    _ calls: [Call], kept: Set<Int> = [], needsPlace: (Int) -> Bool, bytes: (Int) throws -> Int
  ) rethrows {
    var lastUse: [Int: Int] = [:]
    for (time, call) in calls.enumerated() {
      for operand in call.operands + call.results { lastUse[operand.term] = time }
    }
    for term in kept.sorted() {
      lastUse[term] = calls.count
      take(try bytes(term), for: term)
    }
    for (time, call) in calls.enumerated() {
      let ending = Set(call.operands.map(\.term)).filter {
        lastUse[$0] == time && offsets[$0] != nil
      }.sorted()
      var left = ending
      for result in call.results where needsPlace(result.term) && offsets[result.term] == nil {
        let size = try bytes(result.term)
        // An element-wise kernel may write where it reads, if both lie the same way and their elements
        // have one size.
        if let index = left.firstIndex(where: {
          call.canReplace($0, by: result) && sizes[$0] == size
        }) {
          let replaced = left.remove(at: index)
          offsets[result.term] = offsets[replaced]
          sizes[result.term] = size
          continue
        }
        take(size, for: result.term)
      }
      for term in left { free(term) }
      for term in Set(call.results.map(\.term)).sorted() where lastUse[term] == time { free(term) }
    }
  }

  private mutating func take(_ bytes: Int, for term: Int) {
    sizes[term] = bytes
    let size = (bytes + 63) & ~63
    guard size > 0 else {
      offsets[term] = 0
      return
    }
    // The smallest hole that is large enough.
    let fitting = holes.indices.filter { holes[$0].count >= size }
    if let best = fitting.min(by: { holes[$0].count < holes[$1].count }) {
      let start = holes[best].lowerBound
      offsets[term] = start
      holes[best] = (start + size)..<holes[best].upperBound
      if holes[best].isEmpty { holes.remove(at: best) }
      return
    }
    // A hole at the end grows.
    if let last = holes.firstIndex(where: { $0.upperBound == byteCount }) {
      let start = holes.remove(at: last).lowerBound
      offsets[term] = start
      byteCount = start + size
      return
    }
    offsets[term] = byteCount
    byteCount += size
  }

  private mutating func free(_ term: Int) {
    guard let start = offsets[term], let bytes = sizes[term], bytes > 0 else { return }
    sizes[term] = 0
    var hole = start..<(start + (bytes + 63) & ~63)
    holes.removeAll { other in
      guard other.upperBound == hole.lowerBound || other.lowerBound == hole.upperBound else {
        return false
      }
      hole = min(other.lowerBound, hole.lowerBound)..<max(other.upperBound, hole.upperBound)
      return true
    }
    holes.append(hole)
  }
}

extension Call {
  /// Whether `result` may lie where `term` lies: the call maps, and reads it only as it writes.
  fileprivate func canReplace(_ term: Int, by result: Operand) -> Bool {
    guard case .map = kernel else { return false }
    return operands.allSatisfy { $0.term != term || $0.access == result.access }
      && result.access.isDense
  }
}
