import DLMTensor

/// Rebuilds a draft so that images lie as the backend likes them, and without what nothing needs.
///
/// A batch-inner image `[N, C, ...S]` is an ordinary term of dims `[N/lanes, ...S, C, lanes]`; between
/// the two lie a reshape and a transpose, which fusion sees through. So only this pass knows of
/// layouts.
///
/// Where lanes do not divide the batch, the last block is filled up with samples that are not there.
/// They are zeros where an image comes in and anything after that; what adds up samples leaves them out.
struct LayoutPass {
  private let draft: Draft
  private let live: [Int]
  private var uses: [Int]
  /// Lanes of each term that lies batch-inner, 0 for the others.
  private var lanes: [Int]
  var terms = Terms()
  /// The new numbers of each old term, row-major and batch-inner.
  private var plain: [Int?]
  private var inner: [Int?]

  /// The same draft, laid out for `backend`.
  static func apply(to draft: Draft, for backend: any Backend) -> Draft {
    var pass = LayoutPass(draft)
    pass.chooseLayouts(backend)
    return pass.rebuilt()
  }

  private init(_ draft: Draft) {
    self.draft = draft
    let count = draft.terms.all.count
    uses = [Int](repeating: 0, count: count)
    for root in draft.outputs + draft.assignments.map(\.term) { uses[root] += 1 }
    var live: [Int] = []
    for index in (0..<count).reversed() where uses[index] > 0 {
      live.append(index)
      for operand in draft.terms[index].operands { uses[operand] += 1 }
    }
    self.live = live.reversed()
    lanes = [Int](repeating: 0, count: count)
    plain = [Int?](repeating: nil, count: count)
    inner = plain
  }

  /// Windowed terms decide; terms that keep samples follow their operands, or else their consumers if
  /// all of them agree.
  private mutating func chooseLayouts(_ backend: any Backend) {
    var byBatch: [Int: Int] = [:]
    for index in live {
      guard case .kernel(let kernel) = draft.terms[index].action, let window = kernel.window,
        draft.terms[index].elementType == .f32
      else { continue }
      let batch = draft.terms[kernel.imageOperand(draft.terms[index])].dims[0]
      let layout = backend.preferredLayout(
        batch: batch, axes: window.size.count, groups: kernel.groups)
      if byBatch[batch] == nil, case .batchInner(let lanes) = layout { byBatch[batch] = lanes }
    }
    guard !byBatch.isEmpty else { return }
    for index in live {
      let term = draft.terms[index]
      guard term.dims.count >= 3, let width = byBatch[term.dims[0]] else { continue }
      if case .kernel(let kernel) = term.action, kernel.window != nil, !kernel.yieldsWeights,
        term.elementType == .f32
      {
        lanes[index] = width
      } else if keepsSamples(index), term.operands.contains(where: { lanes[$0] > 0 }) {
        lanes[index] = width
      }
    }
    var wanted = [Int](repeating: 0, count: lanes.count)
    for index in live.reversed() {
      let term = draft.terms[index]
      if lanes[index] == 0, wanted[index] == uses[index], wanted[index] > 0,
        keepsSamples(index) || term.action.isBroadcast, term.dims.count >= 3,
        let width = byBatch[term.dims[0]]
      {
        lanes[index] = width
      }
      for operand in imageOperands(index) { wanted[operand] += 1 }
    }
  }

  /// Operands that a term reads batch-inner, if it lies so.
  private func imageOperands(_ index: Int) -> [Int] {
    let term = draft.terms[index]
    if case .kernel(let kernel) = term.action, kernel.window != nil {
      let places = kernel.imagePlaces(operandCount: term.operands.count)
      return places.map { term.operands[$0] }
    }
    guard lanes[index] > 0, keepsSamples(index) else { return [] }
    return Array(term.operands.prefix(term.action.imageCount(of: term.operands.count)))
  }

  private func keepsSamples(_ index: Int) -> Bool {
    let term = draft.terms[index]
    return term.action.keepsSamples(term.operands.map { draft.terms[$0].dims }, term.dims)
  }

  private mutating func rebuilt() -> Draft {
    for index in live {
      terms.line = draft.terms.lines[index]
      if lanes[index] > 0 {
        inner[index] = rebuildInner(index)
      } else {
        plain[index] = rebuildPlain(index)
      }
    }
    var result = Draft()
    result.variables = draft.variables
    result.inputTypes = draft.inputTypes
    result.outputs = draft.outputs.map { rowMajor($0) }
    result.assignments = draft.assignments.map { ($0.variable, rowMajor($0.term)) }
    result.terms = terms
    return result
  }

  /// The row-major form of old term `index`.
  private mutating func rowMajor(_ index: Int) -> Int {
    if let known = plain[index] { return known }
    guard let image = inner[index] else { preconditionFailure("operands are rebuilt first") }
    let term = draft.terms[index]
    let split = term.dims.splitBatch(lanes: lanes[index])
    // [N/lanes, ...S, C, lanes] -> [N/lanes, lanes, C, ...S] -> [N, C, ...S]
    let rank = split.count
    let order = [0, rank - 1, rank - 2] + Array(1..<rank - 2)
    let moved = terms.make(Term(.transpose(order), [image], split, term.elementType))
    let result = joinedBatch(moved, term.dims, term.elementType)
    plain[index] = result
    return result
  }

  /// The batch-inner form of old term `index`.
  private mutating func batchInner(_ index: Int, lanes width: Int) -> Int {
    if let known = inner[index] { return known }
    let term = draft.terms[index]
    let dims = term.dims.batchInner(lanes: width)
    let result: Int
    if case .constant(let value) = term.action {
      result = terms.add(Term(.constant(value), dims, term.elementType))
    } else {
      let rank = term.dims.count + 1
      let order = [0] + Array(3..<rank) + [2, 1]
      let reshaped = splitBatch(rowMajor(index), lanes: width)
      result = terms.make(Term(.transpose(order), [reshaped], dims, term.elementType))
    }
    inner[index] = result
    return result
  }

  private mutating func rebuildPlain(_ index: Int) -> Int {
    let term = draft.terms[index]
    switch term.action {
    case .transpose(let order):
      if let product = swappedProduct(order, term) { return product }
    case .reduce(let reduction, let axes):
      // Of whole numbers there may be none that changes nothing: the image's rows are put in order.
      if lanes[term.operands[0]] > 0, !axes.contains(0) || term.elementType == .f32 {
        return reducedImage(reduction, axes, term)
      }
    case .kernel(let kernel) where kernel.yieldsWeights:
      let images = kernel.imagePlaces(operandCount: term.operands.count).map { term.operands[$0] }
      let width = images.map { lanes[$0] }.max() ?? 0
      guard width > 0 else { break }
      let operands = images.map { batchInner($0, lanes: width) }
      let rest = draft.terms[images[0]].dims[0] % width
      let action = Action.kernel(
        kernel.laidOut(.batchInner(lanes: width), absent: rest == 0 ? 0 : width - rest))
      return terms.make(Term(action, operands, term.dims, term.elementType))
    default: break
    }
    var copy = term
    copy.operands = term.operands.map { rowMajor($0) }
    return terms.make(copy)
  }

  private mutating func rebuildInner(_ index: Int) -> Int {
    let term = draft.terms[index]
    let width = lanes[index]
    var copy = term
    copy.dims = term.dims.batchInner(lanes: width)
    if case .kernel(let kernel) = term.action {
      copy.action = .kernel(kernel.laidOut(.batchInner(lanes: width)))
      let images = kernel.imagePlaces(operandCount: term.operands.count)
      copy.operands = term.operands.indices.map {
        images.contains($0)
          ? batchInner(term.operands[$0], lanes: width) : rowMajor(term.operands[$0])
      }
    } else if case .broadcast(let axes) = term.action {
      return broadcastImage(axes, term, width)
    } else {
      copy.action = term.action.laidOut(rank: term.dims.count)
      let images = term.action.imageCount(of: term.operands.count)
      copy.operands = term.operands.enumerated().map { place, operand in
        guard place < images else { return rowMajor(operand) }
        guard case .broadcast(let axes) = draft.terms[operand].action, inner[operand] == nil else {
          return batchInner(operand, lanes: width)
        }
        let image = broadcastImage(axes, draft.terms[operand], width)
        inner[operand] = image
        return image
      }
    }
    return terms.make(copy)
  }

  /// A broadcast straight to a batch-inner image: channel vectors, scalars, masks of channels.
  private mutating func broadcastImage(_ axes: [Int], _ term: Term, _ width: Int) -> Int {
    let spatial = term.dims.count - 2
    let old = term.operands[0]
    let source = draft.terms[old]
    let dims = term.dims.batchInner(lanes: width)
    if lanes[old] > 0, term.action.keepsSamples([source.dims], term.dims) {
      let action = term.action.laidOut(rank: term.dims.count)
      return terms.make(Term(action, [batchInner(old, lanes: width)], dims, term.elementType))
    }
    var operand = rowMajor(old)
    if let axis = axes.firstIndex(of: 0), source.dims[axis] == term.dims[0] {
      operand = filled(operand, axis: axis, lanes: width)
    }
    var places: [Int] = []
    var split: [Int] = []
    for (axis, dim) in zip(axes, source.dims) {
      switch axis {
      case 0 where dim == term.dims[0]:
        split += [dims[0], width]
        places += [0, spatial + 2]
      case 0:
        split.append(dim)
        places.append(0)
      case 1:
        split.append(dim)
        places.append(spatial + 1)
      default:
        split.append(dim)
        places.append(axis - 1)
      }
    }
    operand = terms.make(Term(.reshape, [operand], split, term.elementType))
    return terms.make(Term(.broadcast(places), [operand], dims, term.elementType))
  }

  /// A reduction of a batch-inner image over its physical axes.
  private mutating func reducedImage(_ reduction: Reduction, _ axes: [Int], _ term: Term) -> Int {
    let old = term.operands[0]
    var image = batchInner(old, lanes: lanes[old])
    if axes.contains(0) {
      image = cleared(image, batch: draft.terms[old].dims[0], to: reduction.neutral)
    }
    let dims = terms[image].dims
    let rank = dims.count
    // Physical axes of each logical one.
    let physical = draft.terms[old].dims.indices.map { axis -> [Int] in
      axis == 0 ? [0, rank - 1] : axis == 1 ? [rank - 2] : [axis - 1]
    }
    let reduced = axes.flatMap { physical[$0] }.sorted()
    let kept = dims.indices.filter { !reduced.contains($0) }
    let result = terms.make(
      Term(.reduce(reduction, reduced), [image], kept.map { dims[$0] }, term.elementType))
    // What is left, in the order of the logical axes.
    let wanted = draft.terms[old].dims.indices.filter { !axes.contains($0) }
      .flatMap { physical[$0] }
    let order = wanted.compactMap { kept.firstIndex(of: $0) }
    let moved = terms.make(
      Term(.transpose(order), [result], wanted.map { dims[$0] }, term.elementType))
    return axes.contains(0)
      ? terms.make(Term(.reshape, [moved], term.dims, term.elementType))
      : joinedBatch(moved, term.dims, term.elementType)
  }

  /// `(a b)^T = b^T a^T`: a product that is only wanted transposed is made so.
  private mutating func swappedProduct(_ order: [Int], _ term: Term) -> Int? {
    let product = draft.terms[term.operands[0]]
    let rank = order.count
    guard product.action == .matmul, uses[term.operands[0]] == 1,
      order == Array(0..<rank - 2) + [rank - 1, rank - 2]
    else { return nil }
    let operands = product.operands.reversed().map { operand -> Int in
      let dims = draft.terms[operand].dims
      return terms.make(
        Term(.transpose(order), [rowMajor(operand)], order.map { dims[$0] }, term.elementType))
    }
    return terms.make(Term(.matmul, operands, term.dims, term.elementType))
  }
}

extension Action {
  var isBroadcast: Bool {
    if case .broadcast = self { true } else { false }
  }
}
