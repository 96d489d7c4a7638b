import DLMOperators
import DLMShapes
import DLMSyntax

// `x[i, .., 0]`: places and parts of tensors.
extension Evaluator {
  /// Each item is for the next axis: a number takes one place and the axis goes, a range keeps a part,
  /// `..` stands for all axes between, `new` puts in an axis of length 1, whole numbers in a tensor
  /// take the places that they name.
  func indexed(
    _ tensor: TensorValue, _ items: [ExpressionID], _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    var result = tensor
    // The axis that is next in what is left, and in `tensor`.
    var (axis, own) = (0, 0)
    for (position, item) in items.enumerated() {
      let rest = items[(position + 1)...].filter { !frame.tree.isNew($0) }.count
      if case .rest = frame.tree[item] {
        axis = result.type.dims.count - rest
        guard axis >= 0 else { throw Failure(.cannotIndex("\(tensor.type)", frame.label(id))) }
        own = tensor.type.dims.count - rest
        continue
      }
      if frame.tree.isNew(item), frame.scope["new"] == nil {
        var dims = result.type.dims
        dims.insert(1, at: axis)
        result = try apply(.reshape, [result], ["dims": .dims(dims)], at: id, &frame)
        axis += 1
        continue
      }
      guard result.type.dims.indices.contains(axis) else {
        throw Failure(
          .tooManyIndices(
            items.filter { !frame.tree.isNew($0) }.count, "\(tensor.type)",
            rank: tensor.type.dims.count, frame.label(item)))
      }
      result = try place(result, along: &axis, told: (own, tensor.type), item, id, &frame)
      own += 1
    }
    if machine == nil, items.contains(where: frame.tree.isNew) {
      result.last = LastCall(.opened, frame.label(id))
    }
    return result
  }

  private func place(
    _ tensor: TensorValue, along axis: inout Int, told: (axis: Int, type: TensorType),
    _ item: ExpressionID, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    switch try value(item, &frame) {
    case .int(let index):
      let position = try position(
        index, along: axis, of: tensor, told: told, isEnd: false, item, frame)
      return try element(tensor, along: axis, at: position, id, &frame)
    case .range(let low, let high):
      let start = try position(low, along: axis, of: tensor, told: told, isEnd: true, item, frame)
      let end = try position(high, along: axis, of: tensor, told: told, isEnd: true, item, frame)
      guard frame.facts.decide(.atLeast(end, start)) != .refuted else {
        throw Failure(.endsBefore(frame.tree.text(item), start, end, frame.label(item)))
      }
      let part = try slice(tensor, along: axis, from: start, count: end - start, id, &frame)
      axis += 1
      return part
    case let other:
      let index = try self.tensor(from: other, item, frame)
      try checkIndex(index, other, along: axis, of: tensor, told: told, item, frame)
      let gathered = try apply(
        operator: "gather", [tensor, index], ["axis": .axes([axis])], at: id, &frame)
      axis += index.type.dims.count
      return gathered
    }
  }

  /// A place along an axis, counted from the end where it is negative; inside the axis, or a diagnostic.
  ///
  /// - Parameter told: what a message calls the axis, where those before it have been taken away.
  func position(
    _ index: Dim, along axis: Int, of tensor: TensorValue,
    told: (axis: Int, type: TensorType)? = nil, isEnd: Bool, _ item: ExpressionID, _ frame: Frame
  ) throws -> Dim {
    let length = tensor.type.dims[axis]
    let from = (index.constant ?? 0) < 0 ? length + index : index
    let inside = frame.facts.decide(.atLeast(length, isEnd ? from : from + 1))
    guard inside != .refuted, frame.facts.decide(.atLeast(from, 0)) != .refuted else {
      let (axis, type) = told ?? (axis, tensor.type)
      throw Failure(.outside(index, axis: axis, of: type, frame.label(item)))
    }
    return from
  }

  /// Whole numbers that name places of an axis, or a diagnostic.
  func checkIndex(
    _ index: TensorValue, _ value: Value, along axis: Int, of tensor: TensorValue,
    told: (axis: Int, type: TensorType)? = nil, _ item: ExpressionID, _ frame: Frame
  ) throws {
    let length = tensor.type.dims[axis]
    if index.type.kind.isReal {
      throw Failure(
        index.isScalar
          ? .notWhole(
            value.sort, frame.label(item), help: "`div` divides and rounds down: `n div 2`")
          : .realIndex(index.type, length, frame.label(item)))
    }
    guard index.type.kind != .bool else {
      throw Failure(.cannotIndex("\(tensor.type)", frame.label(item)))
    }
    for case .int(let place) in value.elements ?? [] {
      _ = try position(place, along: axis, of: tensor, told: told, isEnd: false, item, frame)
    }
    if case .index(let count) = index.type.kind,
      frame.facts.decide(.equal(count, length)) == .refuted
    {
      throw Failure(.wrongIndex(index.type, axis: axis, of: tensor.type, frame.label(item)))
    }
  }
}

extension Tree {
  /// Whether it is the `new` of `x[.., new]`.
  func isNew(_ id: ExpressionID) -> Bool {
    if case .name("new") = self[id] { true } else { false }
  }
}
