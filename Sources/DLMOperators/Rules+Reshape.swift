import DLMShapes

extension Rules {
  /// `dims`, to which the operand's axes come by splitting or merging neighbours.
  ///
  /// Both shapes are cut wherever the products of the lengths so far are known to agree; between
  /// two cuts, one side must have a single axis. Where symbols hide a cut, only the products of the
  /// whole must agree, which is put off; a recorded shape has no symbols, so every graph is held to
  /// the rule.
  static func reshape(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let (from, to) = (match.operands[0].dims, match.lengths("dims"))
    // Axes of length 1 may come and go anywhere.
    let (old, new) = (from.indices.filter { from[$0] != 1 }, to.indices.filter { to[$0] != 1 })
    let facts = match.facts
    let isEmpty = (from + to).contains { facts.normal($0) == 0 }
    var (i, j) = (0, 0)
    var areEqual = !isEmpty
    while !isEmpty, i < old.count || j < new.count {
      if i < old.count, j < new.count, from[old[i]] == to[new[j]], !from[old[i]].isOverflow {
        (i, j) = (i + 1, j + 1)
        continue
      }
      let (start, goal) = (i, j)
      var (before, after) = (Dim(1), Dim(1))
      var agrees = false
      (before, i) = (i < old.count ? from[old[i]] : 1, min(i + 1, old.count))
      (after, j) = (j < new.count ? to[new[j]] : 1, min(j + 1, new.count))
      while true {
        agrees = match.facts.decide(.equal(before, after)) == .proved
        if agrees || (i == old.count && j == new.count) { break }
        // The shorter side takes its next axis; where that is unknown, the side that has more left.
        let takesOld =
          j == new.count
          || (i < old.count
            && (match.facts.decide(.atLeast(after, before + 1)) == .proved
              || (match.facts.decide(.atLeast(before, after + 1)) != .proved
                && old.count - i >= new.count - j)))
        if takesOld {
          before = before * from[old[i]]
          i += 1
        } else {
          after = after * to[new[j]]
          j += 1
        }
      }
      if agrees, i - start > 1, j - goal > 1 {
        throw .interleaves(from: old[start]..<(old[i - 1] + 1), to: new[goal]..<(new[j - 1] + 1))
      }
      areEqual = areEqual && agrees
    }
    // Equal between all cuts, so as a whole.
    if areEqual { return TensorType(match.commonKind, to) }
    let relation = Relation.equal(from.reduce(1, *), to.reduce(1, *))
    try match.require(relation, or: .requirement("as many elements after as before", relation))
    return TensorType(match.commonKind, to)
  }
}
