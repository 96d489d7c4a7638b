import DLMOperators
import DLMShapes
import DLMSyntax

/// What an item between the brackets of `x[i, 1..<3]` names along its axis.
private enum Part {
  case one(Dim)
  case several(from: Dim, count: Dim)
  /// A place that only a run knows: a whole number in a tensor.
  case chosen(TensorValue)
}

// `x[i, ..] = v`: a variable is bound to what it was, with other elements at the places that are named.
// Who else has the old value keeps it; gradients pass to the new elements and to those that stay.
extension Evaluator {
  /// Sets a part of the variable `base`; with an operation, to what that makes of the old part and `new`.
  func assign(
    _ new: Value, _ operation: BinaryOperator?, to items: [ExpressionID], of base: ExpressionID,
    at place: ExpressionID, _ frame: inout Frame
  ) throws {
    guard case .name(let name) = frame.tree[base] else {
      throw Failure(.notAPlace(frame.tree.text(place), frame.label(place)))
    }
    let old = try value(base, &frame)
    guard frame.scope[name]?.isVariable ?? false else {
      let isBound = frame.tree.binds(name, asVariable: false) || frame.isGlobal(name)
      throw Failure(.notVariable(name, isBound: isBound, frame.label(base)))
    }
    if case .list(let elements, _) = old,
      let changed = try self.elements(elements, new, operation, items, place, &frame)
    {
      return try assign(base, .list(changed), &frame)
    }
    let tensor = try tensor(from: old, base, frame)
    if let mask = try mask(items, of: tensor, &frame) {
      let value = try result(of: operation, old, new, at: place, &frame)
      let fitting = try fitted(value, to: tensor, tensor.type.dims, place, &frame)
      return try assign(
        base, .tensor(try replaced(tensor, by: fitting, where: mask, place, &frame)), &frame)
    }
    let parts = try parts(items, of: tensor, place, &frame)
    let part = try part(parts, of: tensor, place, &frame)
    let value = try result(of: operation, .tensor(part), new, at: place, &frame)
    let fitting = try fitted(value, to: tensor, part.type.dims, place, &frame)
    let ones = try apply(
      .constant, [], ["value": .real(1), "dims": .dims(part.type.dims)], at: place, &frame)
    let shown = try spread(ones, over: parts, of: tensor, place, &frame)
    let mask = try combine(shown, .greater, TensorValue(number: 0), at: place, &frame)
    let all = try spread(fitting, over: parts, of: tensor, place, &frame)
    try assign(base, .tensor(try replaced(tensor, by: all, where: mask, place, &frame)), &frame)
  }

  private func result(
    of operation: BinaryOperator?, _ old: Value, _ new: Value, at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    try operation.map { try combine(old, $0, new, at: place, &frame) } ?? new
  }

  /// A list with another element; `nil` where it is a tensor that is to change: a list of numbers in
  /// which a number is put that only a run knows, or more than one place.
  private func elements(
    _ old: [Value], _ new: Value, _ operation: BinaryOperator?, _ items: [ExpressionID],
    _ place: ExpressionID, _ frame: inout Frame
  ) throws -> [Value]? {
    guard items.count == 1, case .int(let dim) = try value(items[0], &frame).wholly,
      let index = frame.facts.normal(dim).constant
    else { return nil }
    let position = index < 0 ? index + old.count : index
    guard old.indices.contains(position) else {
      throw Failure(.noElement(index, of: old.count, frame.label(items[0])))
    }
    var changed = old
    changed[position] = try result(of: operation, old[position], new, at: place, &frame)
    return isLiteral(old) && !isLiteral(changed) ? nil : changed
  }

  /// `x[x < 0] = 0`: a truth value for each element.
  private func mask(_ items: [ExpressionID], of tensor: TensorValue, _ frame: inout Frame) throws
    -> TensorValue?
  {
    guard items.count == 1, case .tensor(let mask) = try value(items[0], &frame),
      mask.type.kind == .bool, !mask.isScalar
    else { return nil }
    try checkDims(mask.type, tensor.type.dims, items[0], items[0], &frame)
    return mask
  }

  private func parts(
    _ items: [ExpressionID], of tensor: TensorValue, _ place: ExpressionID, _ frame: inout Frame
  ) throws -> [Part?] {
    let rank = tensor.type.dims.count
    var parts: [Part?] = []
    for (position, item) in items.enumerated() {
      if case .rest = frame.tree[item] {
        let left = rank - (items.count - 1 - position)
        guard left >= parts.count else {
          throw Failure(.cannotIndex("\(tensor.type)", frame.label(place)))
        }
        parts += Array(repeating: nil, count: left - parts.count)
        continue
      }
      guard parts.count < rank else {
        throw Failure(
          .tooManyIndices(items.count, "\(tensor.type)", rank: rank, frame.label(item)))
      }
      parts.append(try part(item, along: parts.count, of: tensor, &frame))
    }
    return parts + Array(repeating: nil, count: rank - parts.count)
  }

  private func part(
    _ item: ExpressionID, along axis: Int, of tensor: TensorValue, _ frame: inout Frame
  ) throws -> Part {
    switch try value(item, &frame) {
    case .int(let index):
      return .one(try position(index, along: axis, of: tensor, isEnd: false, item, frame))
    case .range(let low, let high):
      let start = try position(low, along: axis, of: tensor, isEnd: true, item, frame)
      let end = try position(high, along: axis, of: tensor, isEnd: true, item, frame)
      return .several(from: start, count: end - start)
    case let other:
      let index = try self.tensor(from: other, item, frame)
      guard index.isScalar else {
        throw Failure(.severalPlaces(frame.tree.text(item), index.type, frame.label(item)))
      }
      try checkIndex(index, other, along: axis, of: tensor, item, frame)
      return .chosen(index)
    }
  }

  /// What stands at the places now.
  private func part(
    _ parts: [Part?], of tensor: TensorValue, _ place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    var result = tensor
    for (axis, part) in parts.enumerated().reversed() {
      switch part {
      case nil: break
      case .one(let index): result = try element(result, along: axis, at: index, place, &frame)
      case .several(let start, let count):
        result = try slice(result, along: axis, from: start, count: count, place, &frame)
      case .chosen(let index):
        result = try apply(
          operator: "gather", [result, index], ["axis": .axes([axis])], at: place, &frame)
      }
    }
    return result
  }

  /// A part at its places in a tensor like `tensor`, with zeros around it.
  private func spread(
    _ part: TensorValue, over parts: [Part?], of tensor: TensorValue, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    var result = part
    var starts: [Dim] = []
    for case (let axis, let part?) in parts.enumerated() {
      guard case .chosen(let index) = part else { continue }
      // The axes behind this one that are gone come later: so far it stands before fewer.
      let gone = parts[..<axis].filter { if case .one = $0 { true } else { false } }.count
      var dims = result.type.dims
      let spread = try repeated(index, to: dims, at: place, &frame)
      dims.insert(tensor.type.dims[axis], at: axis - gone)
      result = try apply(
        operator: "place", [result, spread],
        ["dims": .dims(dims), "axis": .axes([axis - gone])], at: place, &frame)
    }
    var dims = result.type.dims
    for (axis, part) in parts.enumerated() {
      switch part {
      case .one(let index):
        dims.insert(1, at: axis)
        starts.append(index)
      case .several(let start, _): starts.append(start)
      case .chosen, nil: starts.append(0)
      }
    }
    if dims.count != result.type.dims.count {
      result = try apply(.reshape, [result], ["dims": .dims(dims)], at: place, &frame)
    }
    return try apply(
      operator: "pad", [result], ["low": .dims(starts), "dims": .dims(tensor.type.dims)],
      at: place, &frame)
  }

  private func replaced(
    _ old: TensorValue, by new: TensorValue, where mask: TensorValue, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    var result = try apply(operator: "select", [mask, new, old], at: place, &frame)
    // Rows of probabilities are none when some of their numbers are others.
    result.type.kind =
      new.type.kind == old.type.kind ? old.type.kind : old.type.kind.isReal ? .real : .int
    if old.type.kind == .bool { result.type.kind = .bool }
    return result
  }

  /// A value as elements of `tensor` and of the dims that its places have.
  private func fitted(
    _ value: Value, to tensor: TensorValue, _ dims: [Dim], _ place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    var new = try self.tensor(from: value, place, frame)
    let (kind, own) = (tensor.type.kind, new.type.kind)
    guard kind == .bool ? own == .bool : own != .bool && (kind.isReal || !own.isReal) else {
      throw Failure(
        .otherElements(frame.tree.text(place), tensor.type, new.type, frame.label(place)))
    }
    if kind.isReal { new = try real(new, at: place, &frame) }
    if new.isScalar {
      new = try repeated(new, to: dims, at: place, &frame)
    } else {
      try checkDims(new.type, dims, place, place, &frame)
    }
    let type = tensor.handle?.elementType ?? tensor.type.element
    if !new.isWritten, new.handle?.elementType ?? new.type.element != type {
      let kept = new.type.kind
      new = try apply(.cast, [new], ["type": .elementType(type)], at: place, &frame)
      new.type.kind = kept
    }
    return new
  }

  private func checkDims(
    _ type: TensorType, _ dims: [Dim], _ part: ExpressionID, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws {
    let wanted = TensorType(type.kind, dims)
    guard type.dims.count == dims.count else {
      throw Failure(.partDiffers(frame.tree.text(part), wanted, type, frame.label(part)))
    }
    for (a, b) in zip(type.dims, dims) {
      let relation = Relation.equal(a, b)
      switch frame.facts.decide(relation) {
      case .proved: break
      case .refuted:
        throw Failure(.partDiffers(frame.tree.text(part), wanted, type, frame.label(place)))
      case .deferred: require(relation, at: frame.label(place), &frame)
      }
    }
  }

  /// A number at every place of `dims`, of rank 0 too.
  private func repeated(
    _ number: TensorValue, to dims: [Dim], at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    if dims.isEmpty { return number }
    return try apply(
      .broadcast, [number], ["dims": .dims(dims), "axes": .axes(Array(dims.indices))], at: place,
      &frame)
  }
}
