import DLMTensor

// Batches that lanes do not divide: blocks are filled up, and cut again where rows lie in order.
extension LayoutPass {
  /// `[N, ...]` as `[blocks, lanes, ...]`.
  mutating func splitBatch(_ index: Int, lanes: Int) -> Int {
    let term = terms[index]
    let whole = filled(index, axis: 0, lanes: lanes)
    return terms.make(
      Term(.reshape, [whole], term.dims.splitBatch(lanes: lanes), term.elementType))
  }

  /// `[blocks, lanes, ...]` as `[N, ...]`, which are `dims`.
  mutating func joinedBatch(_ index: Int, _ dims: [Int], _ elementType: ElementType) -> Int {
    let split = terms[index].dims
    let whole = terms.make(
      Term(.reshape, [index], [split[0] * split[1]] + dims.dropFirst(), elementType))
    return terms[whole].dims == dims
      ? whole
      : terms.make(
        Term(
          .slice(starts: dims.map { _ in 0 }, steps: dims.map { _ in 1 }), [whole], dims,
          elementType))
  }

  /// The term with zeros after the last element along `axis`, up to a multiple of `lanes`.
  mutating func filled(_ index: Int, axis: Int, lanes: Int) -> Int {
    let term = terms[index]
    guard term.dims[axis] % lanes != 0 else { return index }
    var dims = term.dims
    dims[axis] = (dims[axis] + lanes - 1) / lanes * lanes
    let none = dims.map { _ in 0 }
    return terms.make(
      Term(
        .pad(low: none, steps: dims.map { _ in 1 }, value: 0), [index], dims, term.elementType))
  }

  /// A batch-inner image of `batch` samples, those that are not there replaced by `value`.
  mutating func cleared(_ image: Int, batch: Int, to value: Double = 0) -> Int {
    let (dims, type) = (terms[image].dims, terms[image].elementType)
    let width = dims[dims.count - 1]
    guard batch % width != 0 else { return image }
    let ones = terms.add(Term(.constant(1), [batch], .f32))
    let isThere = splitBatch(ones, lanes: width)
    let mask = terms.make(
      Term(.broadcast([0, dims.count - 1]), [isThere], dims, .f32))
    let other = terms.add(Term(.constant(value), dims, type))
    return terms.make(Term(.map(.select), [mask, image, other], dims, type))
  }
}

extension Reduction {
  /// What changes nothing.
  var neutral: Double {
    switch self {
    case .sum: 0
    case .product: 1
    case .max: -.infinity
    case .min: .infinity
    }
  }
}

extension [Int] {
  /// `[blocks, lanes, ...]` of `[N, ...]`.
  func splitBatch(lanes: Int) -> [Int] { [(self[0] + lanes - 1) / lanes, lanes] + dropFirst() }
}
