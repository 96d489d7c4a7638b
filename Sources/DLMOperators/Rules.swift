import DLMShapes
import DLMTensor

// Results that a signature cannot say, because they depend on positions of axes.
extension Match {
  /// Attribute `name` as positions among `rank` axes.
  ///
  /// - Throws: `InferenceFailure.attribute` for a position that does not exist or is there twice.
  func positions(_ name: String, rank: Int) throws(InferenceFailure) -> [Int] {
    let axes = attributes.axes(name)
    guard axes.allSatisfy({ (0..<rank).contains($0) }) else {
      throw .attribute(name: name, reason: "is not among the \(rank) axes")
    }
    guard Set(axes).count == axes.count else {
      throw .attribute(name: name, reason: "names an axis twice")
    }
    return axes
  }

  /// Dims of attribute `name`.
  func lengths(_ name: String) -> [Dim] {
    guard case .dims(let dims)? = attributes[name] else { return [] }
    return dims
  }

  /// Requires that an axis of `length` holds every index that operand `operand` may have.
  mutating func requireRoom(for operand: Int, in length: Dim) throws(InferenceFailure) {
    guard case .index(let count) = operands[operand].kind else { return }
    let relation = Relation.atLeast(length, count)
    try require(relation, or: .requirement("the axis is as long as the indices reach", relation))
  }

  /// Requires that operand `operand` has the dims `expected`.
  mutating func requireDims(_ expected: [Dim], of operand: Int) throws(InferenceFailure) {
    let found = operands[operand].dims
    guard found.count == expected.count else {
      throw .rankMismatch(
        operand: operand, found: found.count, expected: expected.count, isMinimum: false)
    }
    for (axis, (found, expected)) in zip(found, expected).enumerated() {
      try require(
        .equal(found, expected),
        or: .axisMismatch(operand: operand, axis: axis, found: found, expected: expected))
    }
  }
}

enum Rules {
  /// `dims`, where the axes that are not in `axes` are those of the operand, in order.
  static func broadcast(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.lengths("dims")
    let new = try match.positions("axes", rank: dims.count)
    try match.requireDims(dims.indices.filter { !new.contains($0) }.map { dims[$0] }, of: 0)
    return TensorType(match.commonKind, dims)
  }

  static func transpose(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.operands[0].dims
    let axes = try match.positions("axes", rank: dims.count)
    guard axes.count == dims.count else {
      throw .attribute(name: "axes", reason: "does not name every axis")
    }
    return TensorType(match.commonKind, axes.map { dims[$0] })
  }

  static func reverse(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.operands[0].dims
    _ = try match.positions("axes", rank: dims.count)
    return TensorType(match.commonKind, dims)
  }

  /// Lengths add up along `axis` and agree elsewhere.
  static func concatenate(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    var dims = match.operands[0].dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    for (operand, type) in match.operands.enumerated().dropFirst() {
      guard type.dims.count == dims.count else {
        throw .rankMismatch(
          operand: operand, found: type.dims.count, expected: dims.count, isMinimum: false)
      }
      var expected = match.operands[0].dims
      expected[axis] = type.dims[axis]
      try match.requireDims(expected, of: operand)
      dims[axis] = dims[axis] + type.dims[axis]
    }
    return TensorType(match.commonKind, dims)
  }

  /// The operand without `axes`.
  static func reduce(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.operands[0].dims
    let axes = try match.positions("axes", rank: dims.count)
    return TensorType(
      match.commonKind, dims.indices.filter { !axes.contains($0) }.map { dims[$0] })
  }

  /// The operand without `axis`, which must have an element; indices into that axis.
  static func indexOf(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    var dims = match.operands[0].dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    let length = dims.remove(at: axis)
    let relation = Relation.atLeast(length, 1)
    try match.require(relation, or: .requirement("the axis has an element", relation))
    return TensorType(.index(length), dims)
  }

  /// The operand with the dims of the index in place of `axis`.
  static func gather(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    var dims = match.operands[0].dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    try match.requireRoom(for: 1, in: dims[axis])
    dims.replaceSubrange(axis...axis, with: match.operands[1].dims)
    return TensorType(match.commonKind, dims)
  }

  /// `dims`; the operand is what `gather` would make of it.
  static func scatterAdd(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.lengths("dims")
    let axis = try match.positions("axis", rank: dims.count)[0]
    try match.requireRoom(for: 1, in: dims[axis])
    var expected = dims
    expected.replaceSubrange(axis...axis, with: match.operands[1].dims)
    try match.requireDims(expected, of: 0)
    return TensorType(match.commonKind, dims)
  }

  /// The operand without `axis`, dims that the index must have.
  static func pick(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    var dims = match.operands[0].dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    try match.requireRoom(for: 1, in: dims.remove(at: axis))
    try match.requireDims(dims, of: 1)
    return TensorType(match.commonKind, dims)
  }

  /// `dims`; operand and index are what `pick` would make of it.
  static func place(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.lengths("dims")
    var expected = dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    try match.requireRoom(for: 1, in: expected.remove(at: axis))
    try match.requireDims(expected, of: 0)
    try match.requireDims(expected, of: 1)
    return TensorType(match.commonKind, dims)
  }

  static func iota(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.lengths("dims")
    let axis = try match.positions("axis", rank: dims.count)[0]
    return TensorType(.index(dims[axis]), dims)
  }

  /// The operand with the kind of attribute `type`.
  static func cast(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    TensorType(match.attributes.elementType().kind, match.operands[0].dims)
  }

  /// `dims` with the kind of attribute `type`.
  static func filled(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    TensorType(match.attributes.elementType().kind, match.lengths("dims"))
  }
}
