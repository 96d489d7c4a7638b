import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// What is written with signs: whole numbers stay whole, everything else is a tensor.
extension Evaluator {
  func unary(
    _ operation: UnaryOperator, _ operand: ExpressionID, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    let value = try value(operand, &frame)
    switch (operation, value) {
    case (.minus, .int(let dim)): return .int(0 - dim)
    case (.not, .bool(let known)): return .bool(known.map { !$0 })
    case (.minus, _), (.not, _):
      let name = operation == .minus ? "negate" : "logical_not"
      let tensor = try tensor(from: value, operand, frame)
      return .tensor(try apply(operator: name, [tensor], at: id, &frame))
    }
  }

  func chain(
    _ first: ExpressionID, _ rest: [(operation: BinaryOperator, operand: ExpressionID)],
    _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    var current = try value(first, &frame)
    if case .name(If.subjectName) = frame.tree[first], case .tuple = frame.tree[rest[0].operand] {
      return try fits(current, rest[0].operand, &frame)
    }
    var left = Side(first, frame.tree)
    for (operation, operand) in rest {
      // What is decided already needs no second side: `c == 0 or n % c == 0`.
      if operation == .and, case .bool(false?) = current { return current }
      if operation == .or, case .bool(true?) = current { return current }
      let other = try value(operand, &frame)
      do {
        current = try combine(current, operation, other, at: id, &frame)
      } catch var failure as Failure {
        let right = Side(operand, frame.tree)
        failure.explain(operation, (left, current), (right, other), in: frame, at: id)
        throw failure
      }
      left.extend(to: operand, frame.tree)
    }
    return current
  }

  /// Two values with an operator between them.
  func combine(
    _ a: Value, _ operation: BinaryOperator, _ b: Value, at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    switch (a, b) {
    case (.int(let x), .int(let y)):
      if let value = combine(x, operation, y, frame.facts) {
        if case .int(let number) = value { _ = try bounded(number, at: place, frame) }
        return value
      }
    case (.bool(let x), .bool(let y)):
      if let value = combine(x, operation, y) { return value }
    case (.string(let x), .string(let y)):
      if operation == .add {
        return .string(try x.flatMap { x in try y.map { try bounded(x + $0, at: place, frame) } })
      }
      if operation == .equal || operation == .notEqual {
        return .bool(x.flatMap { x in y.map { (x == $0) == (operation == .equal) } })
      }
    case (.along(let vector, let axis), _):
      let other = try tensor(from: b, place, frame)
      let spread = try lay(vector, along: axis, of: other, at: place, &frame)
      return .tensor(try combine(spread, operation, other, at: place, &frame))
    case (_, .along(let vector, let axis)):
      let other = try tensor(from: a, place, frame)
      let spread = try lay(vector, along: axis, of: other, at: place, &frame)
      return .tensor(try combine(other, operation, spread, at: place, &frame))
    default: break
    }
    for value in [a, b] {
      if case .string = value {
        throw Failure(.notForStrings(operation, frame.label(place)))
      }
    }
    let x = try tensor(from: a, place, frame)
    let y = try tensor(from: b, place, frame)
    let result = try combine(x, operation, y, at: place, &frame)
    if result.isScalar, result.type.kind == .bool, result.handle == nil {
      if result.known == nil {
        hasOpenChoice = true
        // What each run of a step finds anew is a tensor there.
        if walksStep { return .tensor(result) }
      }
      return .bool(result.known.map { $0 != 0 })
    }
    return .tensor(result)
  }

  private func combine(_ x: Dim, _ operation: BinaryOperator, _ y: Dim, _ facts: Facts) -> Value? {
    switch operation {
    case .add: return .int(x + y)
    case .subtract: return .int(x - y)
    case .multiply: return .int(x * y)
    case .floorDivide: return .int(x.floorDivided(by: y))
    case .modulo: return .int(x.modulo(y))
    case .power: return y.constant.flatMap { $0 >= 0 ? .int(x.power($0)) : nil }
    case .equal: return truth(of: .equal(x, y), facts)
    case .notEqual: return truth(of: .notEqual(x, y), facts)
    case .greaterEqual: return truth(of: .atLeast(x, y), facts)
    case .lessEqual: return truth(of: .atLeast(y, x), facts)
    case .greater: return truth(of: .atLeast(x, y + 1), facts)
    case .less: return truth(of: .atLeast(y, x + 1), facts)
    case .divide, .matmul, .nearly, .and, .or: return nil
    }
  }

  private func truth(of relation: Relation, _ facts: Facts) -> Value {
    let known = facts.decide(relation).known
    if known == nil { hasOpenChoice = true }
    return .bool(known)
  }

  private func combine(_ x: Bool?, _ operation: BinaryOperator, _ y: Bool?) -> Value? {
    switch operation {
    case .and: return .bool(x == false || y == false ? false : x.flatMap { _ in y })
    case .or: return .bool(x == true || y == true ? true : x.flatMap { _ in y })
    case .equal: return .bool(x.flatMap { x in y.map { x == $0 } })
    case .notEqual: return .bool(x.flatMap { x in y.map { x != $0 } })
    default: return nil
    }
  }

  /// `a ~= b`: whether every element of `a` is within 1e-5 of that of `b`, or within 1e-4 of its size.
  private func near(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let (x, y) = (try real(a, at: place, &frame), try real(b, at: place, &frame))
    let gap = try apply(
      operator: "abs", [try combine(x, .subtract, y, at: place, &frame)], at: place, &frame)
    let size = try apply(operator: "abs", [y], at: place, &frame)
    let share = try combine(size, .multiply, TensorValue(number: 1e-4), at: place, &frame)
    let limit = try combine(share, .add, TensorValue(number: 1e-5), at: place, &frame)
    let excess = try combine(gap, .subtract, limit, at: place, &frame)
    let largest = try apply(
      operator: "max", [excess], ["axes": .axes(Array(excess.type.dims.indices))], at: place, &frame
    )
    return try combine(largest, .lessEqual, TensorValue(number: 0), at: place, &frame)
  }

  /// Two tensors with an operator between them, repeated to common dims.
  package func combine(
    _ a: TensorValue, _ operation: BinaryOperator, _ b: TensorValue, at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    if operation == .matmul {
      if a.type.dims.count > 1 {
        checkWeights(a, summedOver: a.type.dims.count - 1, at: place, frame)
      }
      return try product(a, b, at: place, &frame)
    }
    if operation == .power, b.known == 2, b.handle == nil {
      return try apply(.multiply, [a, a], at: place, &frame)
    }
    var (x, y) = try promoted(
      try wide(a, at: place, &frame), try wide(b, at: place, &frame), at: place, &frame)
    // A mask counts as 0 and 1 where it is a factor: `g * (x > 0)`.
    if operation == .multiply, x.type.kind.isReal != y.type.kind.isReal {
      (x, y) = (try real(x, at: place, &frame), try real(y, at: place, &frame))
    }
    if operation == .divide || operation == .power {
      (x, y) = (try real(x, at: place, &frame), try real(y, at: place, &frame))
    }
    let dims = try commonDims(x, y, at: place, &frame)
    let left = try broadcast(x, to: dims, at: place, &frame)
    let right = try broadcast(y, to: dims, at: place, &frame)
    switch operation {
    case .nearly: return try near(left, right, at: place, &frame)
    case .greater: return try apply(.less, [right, left], at: place, &frame)
    case .greaterEqual: return try apply(.lessEqual, [right, left], at: place, &frame)
    case .floorDivide: return try floorDivided(left, by: right, at: place, &frame)
    default:
      guard let primitive = operation.primitive else {
        throw Failure(.cannotCombine(operation, a.type, b.type, frame.label(place)))
      }
      return try apply(primitive, [left, right], at: place, &frame)
    }
  }

  /// The quotient rounded down. Of whole numbers it is computed in double precision, which has every
  /// `i32`: two quotients of those are never so near that one rounds to the other.
  private func floorDivided(
    _ a: TensorValue, by b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    func floored(_ a: TensorValue, _ b: TensorValue) throws -> TensorValue {
      let quotient = try apply(.divide, [a, b], at: place, &frame)
      return try apply(operator: "floor", [quotient], at: place, &frame)
    }
    guard !a.type.kind.isReal, !b.type.kind.isReal, a.type.kind != .bool, b.type.kind != .bool
    else {
      return try floored(a, b)
    }
    let type: ElementType = [a, b].contains { $0.type.element == .i64 } ? .i64 : .i32
    let wide = try [a, b].map {
      try apply(.cast, [$0], ["type": .elementType(.f64)], at: place, &frame)
    }
    let quotient = try floored(wide[0], wide[1])
    return try apply(.cast, [quotient], ["type": .elementType(type)], at: place, &frame)
  }

  /// Whole numbers among reals become reals; truth values stay what they are.
  func promoted(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> (TensorValue, TensorValue) {
    if a.type.kind.isReal == b.type.kind.isReal || a.type.kind == .bool || b.type.kind == .bool {
      return (a, b)
    }
    return a.type.kind.isReal
      ? (a, try real(b, at: place, &frame)) : (try real(a, at: place, &frame), b)
  }

  /// Whole numbers among reals become reals.
  func promoted(_ parts: [TensorValue], at place: ExpressionID, _ frame: inout Frame) throws
    -> [TensorValue]
  {
    guard parts.contains(where: { $0.type.kind.isReal }) else { return parts }
    return try parts.map {
      $0.type.kind.isReal || $0.type.kind == .bool ? $0 : try real($0, at: place, &frame)
    }
  }

  /// Bytes count as whole numbers in arithmetic.
  private func wide(_ tensor: TensorValue, at place: ExpressionID, _ frame: inout Frame) throws
    -> TensorValue
  {
    guard tensor.type.kind == .u8 else { return tensor }
    return try apply(.cast, [tensor], ["type": .elementType(.i32)], at: place, &frame)
  }

  /// The same numbers as reals; a kind that says more is forgotten.
  func real(_ tensor: TensorValue, at place: ExpressionID, _ frame: inout Frame) throws
    -> TensorValue
  {
    var result = tensor
    if !tensor.type.kind.isReal {
      if tensor.isScalar, tensor.handle == nil, tensor.known != nil {
        result.type.kind = .real
        return result
      }
      result = try apply(.cast, [tensor], ["type": .elementType(.f32)], at: place, &frame)
    }
    result.type.kind = .real
    return result
  }

  /// `vector` at axis `axis` of a tensor like `other`, repeated along the others.
  private func lay(
    _ vector: TensorValue, along axis: Int, of other: TensorValue, at place: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    let dims = other.type.dims
    let position = axis < 0 ? axis + dims.count : axis
    if vector.isScalar { return vector }
    guard dims.indices.contains(position), vector.type.dims.count == 1,
      frame.facts.decide(.equal(dims[position], vector.type.dims[0])) != .refuted
    else { throw Failure(.cannotLay(vector.type, axis, other.type, frame.label(place))) }
    let repeated = dims.indices.filter { $0 != position }
    return try apply(
      .broadcast, [vector], ["dims": .dims(dims), "axes": .axes(repeated)], at: place, &frame)
  }

  /// `a @ b`: the last axis of a with the one before the last of b; vectors count as one row or column.
  private func product(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let (x, y) = (a.type.dims, b.type.dims)
    guard !x.isEmpty, !y.isEmpty else {
      throw Failure(.cannotCombine(.matmul, a.type, b.type, frame.label(place)))
    }
    // Rows of a in one axis: [...S, k] with a matrix [k, n] is one product.
    if y.count == 2, x.count != 2 {
      try checkInner(a, b, at: place, &frame)
      let rows = x.dropLast().reduce(Dim(1), *)
      let flat = try apply(
        .reshape, [a], ["dims": .dims([rows, x[x.count - 1]])], at: place, &frame)
      let result = try apply(.matmul, [flat, b], at: place, &frame)
      return try apply(
        .reshape, [result], ["dims": .dims(x.dropLast() + [y[1]])], at: place, &frame)
    }
    if y.count == 1 {
      guard frame.facts.decide(.equal(x[x.count - 1], y[0])) != .refuted else {
        throw Failure(.innerAxesDiffer(a.type, x[x.count - 1], b.type, y[0], frame.label(place)))
      }
      let column = try apply(.reshape, [b], ["dims": .dims([y[0], 1])], at: place, &frame)
      let result = try product(a, column, at: place, &frame)
      return try apply(
        .reshape, [result], ["dims": .dims(Array(result.type.dims.dropLast()))], at: place, &frame)
    }
    try checkInner(a, b, at: place, &frame)
    let (left, right) = try sharingBatches(a, b, at: place, &frame)
    return try apply(.matmul, [left, right], at: place, &frame)
  }

  /// Stacks of matrices with common leading axes: a written 1 of one side is repeated as often as the
  /// other has it.
  private func sharingBatches(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws -> (TensorValue, TensorValue) {
    let (x, y) = (a.type.dims, b.type.dims)
    guard x.count == y.count, x.count > 2 else { return (a, b) }
    let lead = zip(x.dropLast(2), y.dropLast(2)).map { $0 == 1 ? $1 : $0 }
    let rows = zip(lead, y).map { $1 == 1 ? $0 : $1 }
    return (
      try broadcast(a, to: lead + x.suffix(2), at: place, &frame),
      try broadcast(b, to: rows + y.suffix(2), at: place, &frame)
    )
  }

  /// The axis that a product sums over has one length on both sides.
  private func checkInner(
    _ a: TensorValue, _ b: TensorValue, at place: ExpressionID, _ frame: inout Frame
  ) throws {
    let (x, y) = (a.type.dims, b.type.dims)
    guard let inner = x.last, y.count >= 2 else { return }
    noteCoincidence(inner, y[y.count - 2], at: frame.label(place), frame)
    if frame.facts.decide(.equal(inner, y[y.count - 2])) == .refuted {
      throw Failure(.innerAxesDiffer(a.type, inner, b.type, y[y.count - 2], frame.label(place)))
    }
  }

  func apply(
    operator name: String, _ operands: [TensorValue], _ attributes: Attributes = [:],
    at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    guard let operation = Operator.named(name) else {
      preconditionFailure("the table of operators has `\(name)`")
    }
    return try apply(operation, operands, attributes, at: place, &frame)
  }
}

extension Verdict {
  /// What a condition is, if it does not depend.
  var known: Bool? {
    switch self {
    case .proved: true
    case .refuted: false
    case .deferred: nil
    }
  }
}

extension BinaryOperator {
  /// The element-wise operator of the table that it stands for.
  fileprivate var primitive: Operator? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .power: .power
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .and: .logicalAnd
    case .or: .logicalOr
    case .greater, .greaterEqual, .floorDivide, .matmul, .nearly: nil
    }
  }
}
