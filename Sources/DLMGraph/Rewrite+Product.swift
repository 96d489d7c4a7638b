import DLMTensor

// Rules for products. They reorder sums, so results may round otherwise.
extension Terms {
  /// `sum over l of a[l] b[l]` is one product whose contraction goes over `l` too.
  mutating func sumOfProducts(_ axes: [Int], _ term: Term) -> Int? {
    let product = self[term.operands[0]]
    let rank = product.dims.count
    guard axes == Array(0..<rank - 2), !axes.isEmpty, product.count > 0 else { return nil }
    let (a, b) = (product.operands[0], product.operands[1])
    let (rows, columns, inner) = (rank - 2, rank - 1, self[a].dims[rank - 1])
    let count = axes.reduce(1) { $0 * product.dims[$1] } * inner
    let order = [rows] + axes + [columns]
    let moved = make(
      Term(.transpose(order), [a], order.map { self[a].dims[$0] }, product.elementType))
    let left = make(
      Term(.reshape, [moved], [product.dims[rows], count], product.elementType))
    let right = make(Term(.reshape, [b], [count, product.dims[columns]], product.elementType))
    return make(Term(.matmul, [left, right], term.dims, term.elementType))
  }

  /// A product of a column and a row is made element by element, with what follows it.
  private mutating func outerProduct(_ term: Term) -> Int {
    let factors = zip(term.operands, term.dims.indices).map { operand, axis in
      let line = make(Term(.reshape, [operand], [term.dims[axis]], term.elementType))
      return make(Term(.broadcast([axis]), [line], term.dims, term.elementType))
    }
    return make(Term(.map(.multiply), factors, term.dims, term.elementType))
  }

  /// Rows that were gathered from fewer are multiplied before they are gathered; for gradients they are
  /// added up by row before they are multiplied.
  mutating func simplifiedMatmul(_ term: Term) -> Int? {
    guard term.dims.count == 2 else { return nil }
    let (a, b) = (term.operands[0], term.operands[1])
    if self[a].dims[1] == 1, term.elementType == .f32 { return outerProduct(term) }
    if let (table, rows) = gathered(a) {
      let count = self[table].dims[0]
      let product = make(Term(.matmul, [table, b], [count, term.dims[1]], term.elementType))
      return make(Term(.indexed(.gather, axis: 0), [product, rows], term.dims, term.elementType))
    }
    // (P E)^T d = E^T (P^T d), where P gathers.
    guard self[a].action == .transpose([1, 0]), let (table, rows) = gathered(self[a].operands[0])
    else { return nil }
    let count = self[table].dims[0]
    let sums = make(
      Term(.indexed(.scatterAdd, axis: 0), [b, rows], [count, term.dims[1]], term.elementType))
    let turned = make(
      Term(.transpose([1, 0]), [table], [term.dims[0], count], term.elementType))
    return make(Term(.matmul, [turned, sums], term.dims, term.elementType))
  }

  /// A table of fewer rows than `index`, a matrix of rows that were gathered from it, and their numbers.
  private func gathered(_ index: Int) -> (table: Int, rows: Int)? {
    let term = self[index]
    guard case .indexed(.gather, axis: 0) = term.action, term.dims.count == 2,
      self[term.operands[0]].dims.count == 2, self[term.operands[0]].dims[0] < term.dims[0]
    else { return nil }
    return (term.operands[0], term.operands[1])
  }

  /// Sums by row do not mind the order in which the rows lie; and of products they are products of
  /// sums: `P^T (d w) = (P^T d) w`.
  mutating func simplifiedScatter(_ axis: Int, _ term: Term) -> Int? {
    guard axis == 0, term.dims.count == 2 else { return nil }
    let (operand, index) = (term.operands[0], term.operands[1])
    let source = self[operand]
    func scatter(_ rows: Int, _ numbers: Int) -> Term {
      Term(term.action, [rows, numbers], term.dims, term.elementType)
    }
    switch source.action {
    case .transpose(let order) where order.last == order.count - 1:
      let inverse = order.indices.dropLast().map { axis in order.firstIndex(of: axis) ?? axis }
      let moved = make(
        Term(
          .transpose(inverse), [index], inverse.map { self[index].dims[$0] },
          self[index].elementType))
      return make(scatter(source.operands[0], moved))
    case .reshape where self[source.operands[0]].dims.last == term.dims[1]:
      let dims = self[source.operands[0]].dims.dropLast()
      guard !dims.isEmpty else { return nil }
      let moved = make(Term(.reshape, [index], Array(dims), self[index].elementType))
      return make(scatter(source.operands[0], moved))
    case .matmul where source.dims.count == 2 && term.dims[0] < source.dims[0]:
      let (d, w) = (source.operands[0], source.operands[1])
      let sums = make(
        Term(term.action, [d, index], [term.dims[0], self[d].dims[1]], term.elementType))
      return make(Term(.matmul, [sums, w], term.dims, term.elementType))
    default: return nil
    }
  }

  /// A view that moves whole rows which were gathered from a table gathers them where they go.
  mutating func movedRows(_ view: Term) -> Int? {
    let source = self[view.operands[0]]
    guard case .indexed(.gather, axis: 0) = source.action,
      self[source.operands[0]].dims.count == 2, view.dims.last == source.dims.last,
      view.dims.count > 1, view.count > 0
    else { return nil }
    let index = source.operands[1]
    let dims = Array(view.dims.dropLast())
    let moved: Int
    switch view.action {
    case .reshape: moved = make(Term(.reshape, [index], dims, self[index].elementType))
    case .transpose(let order):
      guard order.last == order.count - 1 else { return nil }
      moved = make(
        Term(.transpose(Array(order.dropLast())), [index], dims, self[index].elementType))
    default: return nil
    }
    return make(Term(source.action, [source.operands[0], moved], view.dims, view.elementType))
  }
}
