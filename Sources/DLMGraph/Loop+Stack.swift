import DLMOperators
import DLMShapes
import DLMTensor

/// How an operation of a loop's body can be done for all places at once.
enum StackedForm {
  /// The same operator on operands that all have the places as a first axis.
  case each(Attributes)
  /// The same operator with the places as more rows: first axes of stacked operands go together.
  case rows(Attributes)
  /// The same operator as it is.
  case unchanged
}

extension Node {
  /// How to do this operation for `length` places at once, or `nil` where only one by one.
  ///
  /// - Parameter isStacked: which operands differ from place to place.
  func stackedForm(_ isStacked: [Bool], length: Int, in body: Graph) -> StackedForm? {
    guard rule == nil, case .apply(let op, let operands, let attributes) = source else {
      return nil
    }
    let count = Dim(length)
    var shifted = attributes
    for entry in attributes.entries {
      switch (entry.name, entry.value) {
      case ("dims", .dims(let dims)): shifted[entry.name] = .dims([count] + dims)
      case ("starts", .dims(let dims)), ("low", .dims(let dims)):
        shifted[entry.name] = .dims([0] + dims)
      case ("steps", .dims(let dims)): shifted[entry.name] = .dims([1] + dims)
      case (_, .axes(let axes)): shifted[entry.name] = .axes(axes.map { $0 + 1 })
      default: break
      }
    }
    let isFirstOnly = isStacked.first == true && !isStacked.dropFirst().contains(true)
    switch op.lowering {
    case .map, .cast, .stopGradient, .broadcast, .reshape, .slice, .reverse, .pad, .concatenate,
      .reduce, .indexOf, .pick, .place, .random:
      return .each(shifted)
    case .transpose: return .each(["axes": .axes([0] + attributes.axes().map { $0 + 1 })])
    case .matmul:
      let isRows = isStacked == [true, false] && body[operands[0]].shape.rank == 2
      return isRows ? .rows(attributes) : .each(attributes)
    case .gather:
      return isStacked == [false, true] && attributes.axis() == 0 ? .unchanged : nil
    case .convolve, .maxPool, .meanPool: return isFirstOnly ? .rows(attributes) : nil
    case .convolveInputGradient, .meanPoolGradient:
      guard isFirstOnly else { return nil }
      var more = attributes
      var dims = attributes.dims("dims").map { Dim($0) }
      dims[0] = dims[0] * count
      more["dims"] = .dims(dims)
      return .rows(more)
    default: return nil
    }
  }
}

extension Graph {
  /// Records `node`, an operation of a loop's body, for all places at once.
  ///
  /// - Parameter operands: in this graph; those that are stacked have `length` as a first axis.
  mutating func stacked(
    _ node: Node, _ form: StackedForm, _ operands: [(node: NodeID, isStacked: Bool)], length: Int
  ) throws(InferenceFailure) -> NodeID {
    guard case .apply(let op, _, let own) = node.source else {
      preconditionFailure("only operators have a stacked form")
    }
    let outer = line
    line = node.line
    defer { line = outer }
    switch form {
    case .unchanged: return try apply(op, to: operands.map(\.node), own)
    case .each(let attributes):
      let all = try operands.map { (operand) throws(InferenceFailure) in
        operand.isStacked ? operand.node : try repeated(operand.node, length)
      }
      return try apply(op, to: all, attributes)
    case .rows(let attributes):
      let all = try operands.map { (operand) throws(InferenceFailure) -> NodeID in
        guard operand.isStacked else { return operand.node }
        let dims = self[operand.node].shape.dims
        return try reshape(operand.node, [dims[0] * dims[1]] + dims.dropFirst(2))
      }
      let rows = try apply(op, to: all, attributes)
      return try reshape(rows, [length] + node.shape.dims)
    }
  }

  /// `node` once for each of `count` places.
  mutating func repeated(_ node: NodeID, _ count: Int) throws(InferenceFailure) -> NodeID {
    let dims = [count] + self[node].shape.dims
    return try apply(
      .broadcast, to: [node], ["dims": .dims(dims.map { Dim($0) }), "axes": .axes([0])])
  }

  mutating func reshape(_ node: NodeID, _ dims: [Int]) throws(InferenceFailure) -> NodeID {
    try apply(.reshape, to: [node], ["dims": .dims(dims.map { Dim($0) })])
  }
}
