import CDLMKernels
import DLMTensor

// Rules for what is put between zeros or side by side.
extension Terms {
  /// Parts that a pad has put into a larger tensor, looked at again: only the part counts.
  mutating func sliceOfPad(
    _ starts: [Int], _ steps: [Int], _ term: Term, _ low: [Int], _ padSteps: [Int]
  ) -> Int? {
    let inner = self[self[term.operands[0]].operands[0]]
    guard steps.allSatisfy({ $0 == 1 }), padSteps.allSatisfy({ $0 == 1 }) else { return nil }
    let moved = zip(starts, low).map { $0 - $1 }
    let isInside = moved.indices.allSatisfy {
      moved[$0] >= 0 && moved[$0] + term.dims[$0] <= inner.dims[$0]
    }
    guard isInside else { return nil }
    return make(
      Term(
        .slice(starts: moved, steps: steps), self[term.operands[0]].operands, term.dims,
        term.elementType))
  }

  mutating func simplifiedPad(_ low: [Int], _ steps: [Int], _ value: Double, _ term: Term) -> Int? {
    let source = self[term.operands[0]]
    if source.dims == term.dims, low.allSatisfy({ $0 == 0 }) { return term.operands[0] }
    guard case .pad(let innerLow, let innerSteps, let innerValue) = source.action,
      innerValue == value, steps.allSatisfy({ $0 == 1 }), innerSteps.allSatisfy({ $0 == 1 })
    else { return nil }
    let all = zip(low, innerLow).map { $0 + $1 }
    return make(
      Term(.pad(low: all, steps: steps, value: value), source.operands, term.dims, term.elementType)
    )
  }

  /// A function of parts that lie alike is the function of the parts, computed on fewer elements, among
  /// what it makes of the numbers around them.
  mutating func sunkBelowPads(_ function: ScalarFunction, _ term: Term) -> Int? {
    var place: (action: Action, dims: [Int])?
    var values = [0.0, 0.0, 0.0]
    for (number, operand) in term.operands.enumerated() {
      if let value = constant(operand) {
        values[number] = value
        continue
      }
      guard case .pad(let low, let steps, let value) = self[operand].action else { return nil }
      let found = (
        action: Action.pad(low: low, steps: steps, value: 0),
        dims: self[self[operand].operands[0]].dims
      )
      if let place, place != found { return nil }
      place = found
      values[number] = value
    }
    let value = term.elementType.rounded(
      dlm_function_reference(function, values[0], values[1], values[2]))
    guard let place, case .pad(let low, let steps, _) = place.action, !value.isNaN else {
      return nil
    }
    let parts = term.operands.map { operand in
      constant(operand).map { add(Term(.constant($0), place.dims, self[operand].elementType)) }
        ?? self[operand].operands[0]
    }
    let part = make(Term(term.action, parts, place.dims, term.elementType))
    return make(
      Term(.pad(low: low, steps: steps, value: value), [part], term.dims, term.elementType))
  }

  /// Two parts that lie next to each other among zeros are one larger part among zeros.
  mutating func sumOfPads(_ term: Term) -> Int? {
    let (a, b) = (self[term.operands[0]], self[term.operands[1]])
    guard case .pad(let lowA, let stepsA, 0) = a.action,
      case .pad(let lowB, let stepsB, 0) = b.action,
      stepsA.allSatisfy({ $0 == 1 }), stepsB.allSatisfy({ $0 == 1 })
    else { return nil }
    let (dimsA, dimsB) = (self[a.operands[0]].dims, self[b.operands[0]].dims)
    let different = dimsA.indices.filter { lowA[$0] != lowB[$0] || dimsA[$0] != dimsB[$0] }
    guard different.count == 1 else { return nil }
    let axis = different[0]
    let isFirst = lowA[axis] + dimsA[axis] == lowB[axis]
    guard isFirst || lowB[axis] + dimsB[axis] == lowA[axis] else { return nil }
    var dims = dimsA
    dims[axis] += dimsB[axis]
    let parts = isFirst ? [a.operands[0], b.operands[0]] : [b.operands[0], a.operands[0]]
    let joined = make(Term(.concatenate(axis), parts, dims, term.elementType))
    return make(
      Term(
        .pad(low: isFirst ? lowA : lowB, steps: stepsA, value: 0), [joined], term.dims,
        term.elementType))
  }

  /// Parts of parts are parts.
  mutating func simplifiedConcatenate(_ axis: Int, _ term: Term) -> Int? {
    if term.operands.count == 1 { return term.operands[0] }
    let parts = term.operands.flatMap { operand in
      self[operand].action == .concatenate(axis) ? self[operand].operands : [operand]
    }
    guard parts.count > term.operands.count else { return nil }
    return make(Term(.concatenate(axis), parts, term.dims, term.elementType))
  }
}
