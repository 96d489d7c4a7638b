import DLMTensor

// Rules for terms that only look at other elements, for reductions and for elements found by index.
extension Terms {
  mutating func simplifiedBroadcast(_ axes: [Int], _ term: Term) -> Int? {
    let source = self[term.operands[0]]
    if source.dims == term.dims, axes == Array(axes.indices) { return term.operands[0] }
    switch source.action {
    case .constant(let value): return constant(value, like: term)
    case .broadcast(let inner):
      return make(
        Term(.broadcast(inner.map { axes[$0] }), source.operands, term.dims, term.elementType))
    case .transpose(let order):
      // Axis j of the operand's operand is axis i of the operand where order[i] = j.
      let inner = order.indices.map { j in axes[order.firstIndex(of: j) ?? j] }
      return make(Term(.broadcast(inner), source.operands, term.dims, term.elementType))
    case .reshape:
      guard let inner = axesThroughUnits(source, axes) else { return nil }
      return make(Term(.broadcast(inner), source.operands, term.dims, term.elementType))
    default: return nil
    }
  }

  /// Where the axes of `reshaped`'s operand lie in a broadcast of `reshaped` along `axes`, if the
  /// reshape only puts axes of length 1 beside them.
  private func axesThroughUnits(_ reshaped: Term, _ axes: [Int]) -> [Int]? {
    let dims = self[reshaped.operands[0]].dims
    let long = reshaped.dims.indices.filter { reshaped.dims[$0] != 1 }
    guard !dims.contains(1), dims == long.map({ reshaped.dims[$0] }) else { return nil }
    return long.map { axes[$0] }
  }

  /// Below a diagonal of a constant: a comparison of rows with columns, which needs no memory of its own where
  /// something is made of it, a mask for example.
  mutating func simplifiedTriangle(_ diagonal: Int, _ term: Term) -> Int? {
    let rank = term.dims.count
    let (rows, columns) = (term.dims[rank - 2], term.dims[rank - 1])
    // Sums of two of these single precision counts exactly.
    guard let value = constant(term.operands[0]),
      max(rows, columns) < 1 << 23, diagonal.magnitude < 1 << 23
    else { return nil }
    func places(_ terms: inout Terms, _ axis: Int) -> Int {
      let count = terms.add(Term(.kernel(.iota(axis: 0)), [term.dims[axis]], .f32))
      return terms.make(Term(.broadcast([axis]), [count], term.dims, .f32))
    }
    let (row, column) = (places(&self, rank - 2), places(&self, rank - 1))
    let last = make(
      Term(
        .map(.add), [row, constant(Double(diagonal), like: self[row])], term.dims, .f32))
    let isBelow = make(Term(.map(.less_equal), [column, last], term.dims, .bool))
    let kept = [isBelow, constant(value, like: term), constant(0, like: term)]
    return make(Term(.map(.select), kept, term.dims, term.elementType))
  }

  mutating func simplifiedReshape(_ term: Term) -> Int? {
    let source = self[term.operands[0]]
    if source.dims == term.dims { return term.operands[0] }
    switch source.action {
    case .constant(let value): return constant(value, like: term)
    case .indexed: return movedRows(term)
    case .reshape: return make(Term(.reshape, source.operands, term.dims, term.elementType))
    case .broadcast(let axes):
      // Of one element, any shape is a broadcast.
      if self[source.operands[0]].dims.isEmpty {
        return make(Term(.broadcast([]), source.operands, term.dims, term.elementType))
      }
      // Axes of length 1 that come or go move the others only.
      let old = source.dims.indices.filter { source.dims[$0] != 1 }
      let new = term.dims.indices.filter { term.dims[$0] != 1 }
      guard old.map({ source.dims[$0] }) == new.map({ term.dims[$0] }) else { return nil }
      let places = axes.map { axis in old.firstIndex(of: axis).map { new[$0] } }
      let inner = places.compactMap { $0 }
      guard inner.count == places.count else { return nil }
      return make(Term(.broadcast(inner), source.operands, term.dims, term.elementType))
    default: return nil
    }
  }

  mutating func simplifiedTranspose(_ order: [Int], _ term: Term) -> Int? {
    if order == Array(order.indices) { return term.operands[0] }
    let source = self[term.operands[0]]
    switch source.action {
    case .constant(let value): return constant(value, like: term)
    case .indexed: return movedRows(term)
    case .transpose(let inner):
      return make(
        Term(.transpose(order.map { inner[$0] }), source.operands, term.dims, term.elementType))
    case .broadcast(let axes):
      let moved = axes.map { order.firstIndex(of: $0) ?? $0 }
      return make(Term(.broadcast(moved), source.operands, term.dims, term.elementType))
    default: return nil
    }
  }

  mutating func simplifiedSlice(_ starts: [Int], _ steps: [Int], _ term: Term) -> Int? {
    let source = self[term.operands[0]]
    if case .constant(let value) = source.action { return constant(value, like: term) }
    let isWhole = zip(starts, steps).allSatisfy { $0 == 0 && $1 == 1 } && source.dims == term.dims
    if isWhole { return term.operands[0] }
    if case .pad(let low, let padSteps, _) = source.action {
      return sliceOfPad(starts, steps, term, low, padSteps)
    }
    if case .kernel = source.action { return sliceOfImage(starts, steps, term) }
    guard case .slice(let innerStarts, let innerSteps) = source.action else { return nil }
    // x[a + (b + i * t) * s] = x[(a + b * s) + i * (t * s)]
    let joined = Action.slice(
      starts: starts.indices.map { innerStarts[$0] + starts[$0] * innerSteps[$0] },
      steps: starts.indices.map { innerSteps[$0] * steps[$0] })
    return make(Term(joined, source.operands, term.dims, term.elementType))
  }

  /// Sums of what a broadcast repeats become products, which may round otherwise than the sum.
  mutating func simplifiedReduce(_ reduction: Reduction, _ axes: [Int], _ term: Term) -> Int? {
    let operand = term.operands[0]
    let source = self[operand]
    if source.count > 0, axes.allSatisfy({ source.dims[$0] == 1 }) {
      return make(Term(.reshape, [operand], term.dims, term.elementType))
    }
    switch source.action {
    case .constant(let value):
      let count = axes.reduce(1) { $0 * source.dims[$1] }
      guard count > 0 else { return nil }
      switch reduction {
      case .sum: return constant(value * Double(count), like: term)
      case .max, .min: return constant(value, like: term)
      case .product: return nil
      }
    case .broadcast(let places): return reducedBroadcast(reduction, axes, term, places)
    case .reduce(let inner, let innerAxes) where inner == reduction:
      // The outer axes, counted as the operand's operand has them.
      let left = self[source.operands[0]].dims.indices.filter { !innerAxes.contains($0) }
      let all = (innerAxes + axes.map { left[$0] }).sorted()
      return make(Term(.reduce(reduction, all), source.operands, term.dims, term.elementType))
    case .matmul: return reduction == .sum ? sumOfProducts(axes, term) : nil
    case .map(let function): return reduction == .sum ? linearSum(of: function, axes, term) : nil
    case .indexed(.place, let axis):
      // Along its axis, all but one element are zero.
      guard reduction == .sum, axes.contains(axis) else { return nil }
      let rest = axes.filter { $0 != axis }.map { $0 > axis ? $0 - 1 : $0 }
      if rest.isEmpty { return source.operands[0] }
      return make(
        Term(.reduce(.sum, rest), [source.operands[0]], term.dims, term.elementType))
    default: return nil
    }
  }

  private mutating func reducedBroadcast(
    _ reduction: Reduction, _ axes: [Int], _ term: Term, _ places: [Int]
  ) -> Int? {
    let source = self[term.operands[0]]
    let inner = self[source.operands[0]]
    let repeated = axes.filter { axis in
      guard let place = places.firstIndex(of: axis) else { return true }
      return inner.dims[place] == 1
    }
    let count = repeated.reduce(1) { $0 * source.dims[$1] }
    guard !repeated.isEmpty, count > 0, reduction != .product else { return nil }
    // Reduce what is not repeated, then put the axes that are left where the result has them.
    let own = places.indices.filter { axes.contains(places[$0]) }
    let kept = places.indices.filter { !axes.contains(places[$0]) }
    var result = source.operands[0]
    if !own.isEmpty {
      result = make(
        Term(.reduce(reduction, own), [result], kept.map { inner.dims[$0] }, term.elementType))
    }
    let left = source.dims.indices.filter { !axes.contains($0) }
    let moved = kept.map { left.firstIndex(of: places[$0]) ?? 0 }
    result = make(Term(.broadcast(moved), [result], term.dims, term.elementType))
    guard reduction == .sum, count > 1 else { return result }
    let factor = constant(Double(count), like: term)
    return make(Term(.map(.multiply), [result, factor], term.dims, term.elementType))
  }

  mutating func simplifiedIndexed(_ kernel: Kernel, _ axis: Int, _ term: Term) -> Int? {
    if kernel == .scatterAdd { return simplifiedScatter(axis, term) }
    guard kernel == .pick else { return nil }
    let source = self[term.operands[0]]
    guard source.action.isElementwise, source.action != .copy else { return nil }
    // Picking first computes on fewer elements; worth it if only one operand must be picked from, and
    // one must be: what it reads is held against the length of the axis.
    var picked: [Int] = []
    var (count, isChecked) = (0, false)
    for operand in source.operands {
      if let same = withoutAxis(axis, operand, term) {
        picked.append(same)
        continue
      }
      isChecked = true
      let value = make(
        Term(term.action, [operand, term.operands[1]], term.dims, self[operand].elementType))
      if self[value].action == term.action { count += 1 }
      picked.append(value)
    }
    guard isChecked, Set(picked.filter { self[$0].action == term.action }).count <= 1, count <= 2
    else { return nil }
    return make(Term(source.action, picked, term.dims, term.elementType))
  }

  /// What `operand` is at any place along `axis`, if it is the same at all of them.
  private mutating func withoutAxis(_ axis: Int, _ operand: Int, _ term: Term) -> Int? {
    let source = self[operand]
    switch source.action {
    case .constant(let value):
      return add(Term(.constant(value), term.dims, source.elementType))
    case .broadcast(let axes) where !axes.contains(axis):
      let moved = axes.map { $0 > axis ? $0 - 1 : $0 }
      return make(Term(.broadcast(moved), source.operands, term.dims, source.elementType))
    default: return nil
    }
  }
}
