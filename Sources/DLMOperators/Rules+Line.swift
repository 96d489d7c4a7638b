import DLMShapes

extension Rules {
  /// The operand's own type; attribute `axis` is one of its axes.
  static func along(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.operands[0].dims
    _ = try match.positions("axis", rank: dims.count)
    return TensorType(match.commonKind, dims)
  }

  /// Indices into `axis`, one for each element of the operand.
  static func indexAlong(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.operands[0].dims
    let axis = try match.positions("axis", rank: dims.count)[0]
    return TensorType(.index(dims[axis]), dims)
  }

  /// The dims of the index, which are the operand's but for `axis`.
  static func take(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let (x, index) = (match.operands[0].dims, match.operands[1].dims)
    let axis = try match.positions("axis", rank: x.count)[0]
    try match.requireRoom(for: 1, in: x[axis])
    var expected = x
    if index.indices.contains(axis) { expected[axis] = index[axis] }
    try match.requireDims(expected, of: 1)
    return TensorType(match.operands[0].kind, index)
  }

  /// `dims`, of which operand and index are `take`'s.
  static func put(_ match: inout Match) throws(InferenceFailure) -> TensorType {
    let dims = match.lengths("dims")
    let axis = try match.positions("axis", rank: dims.count)[0]
    try match.requireRoom(for: 1, in: dims[axis])
    var expected = dims
    let index = match.operands[1].dims
    if index.indices.contains(axis) { expected[axis] = index[axis] }
    try match.requireDims(expected, of: 1)
    try match.requireDims(expected, of: 0)
    return TensorType(match.operands[0].kind, dims)
  }
}
