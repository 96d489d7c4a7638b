import DLMOperators
import DLMShapes
import DLMSyntax

// Derivatives of more than a number, and functions that keep nothing for them.
extension Builtin {
  /// `jacobian(y, wrt: x)`: at `[i..., j...]` how `y[i...]` depends on `x[j...]`.
  static func jacobian(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (y, x, _) = try walk.derivation(call, &frame)
    return .tensor(try walk.jacobian(of: y, x, at: call.id, &frame))
  }

  /// `hessian(y, wrt: x)`: the second derivatives of a number.
  static func hessian(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (y, x, _) = try walk.derivation(call, &frame)
    guard y.isScalar else { throw Failure(.gradientOfTensor(y.type, frame.label(call.id))) }
    let slope = try walk.slope(of: y, x, seed: nil, frame)
    return .tensor(try walk.jacobian(of: slope, x, at: call.id, &frame))
  }

  /// `vjp(y, v, wrt: x)`: the sum of `v * y`, differentiated, without the Jacobian in between.
  static func vjp(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (y, x, v) = try walk.derivation(call, &frame, direction: .result)
    return .tensor(try walk.slope(of: y, x, seed: v, frame))
  }

  /// `jvp(y, v, wrt: x)`: how `y` changes where `x` goes in direction `v`.
  ///
  /// The product with the transposed Jacobian is linear in its vector: differentiated in that, it
  /// gives the product with the Jacobian.
  static func jvp(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (y, x, direction) = try walk.derivation(call, &frame, direction: .variable)
    guard let direction else { return .failed }
    let seed = try walk.apply(
      .constant, [], ["value": .real(0), "dims": .dims(y.type.dims)], at: call.id, &frame)
    let slope = try walk.slope(of: y, x, seed: seed, frame)
    let product = try walk.combine(slope, .multiply, direction, at: call.id, &frame)
    let axes = Array(product.type.dims.indices)
    let sum = try walk.apply(
      operator: "sum", [product], ["axes": .axes(axes)], at: call.id, &frame)
    var result = try walk.slope(of: sum, seed, seed: nil, frame)
    result.reach = y.reach
    return .tensor(result)
  }

  /// `checkpointed(f)`: f, but its inner values are computed again for the gradient and not kept.
  static func checkpointed(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    guard let argument = call.arguments.first, call.arguments.count == 1 else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    let value = try walk.value(argument.value, &frame)
    switch value {
    case .function, .instance, .recomputed: break
    default:
      throw Failure(
        .notCallable(value.sort, frame.tree.text(argument.value), frame.label(argument.value)))
    }
    let function = Value.recomputed(Recomputed(value))
    guard let piped = call.piped else { return function }
    let given = Given(
      label: nil, value: piped.value, place: piped.place, span: frame.tree.span(piped.place))
    return try walk.call(function, argument.value, [], [given], name: nil, call.id, &frame)
  }
}

extension Evaluator {
  /// Which tensor a direction must look like.
  enum Direction { case result, variable }

  /// Operands of a derivative: what is differentiated, in what, and the direction.
  fileprivate func derivation(
    _ call: Call, _ frame: inout Frame, direction: Direction? = nil
  ) throws -> (y: TensorValue, x: TensorValue, direction: TensorValue?) {
    let options = try self.options(call, ["wrt"], &frame, operands: direction == nil ? 1 : 2)
    guard let wrt = options["wrt"], case .expression(let id) = wrt else {
      throw Failure(.missingArgument("wrt", of: call.name, frame.label(call.id)))
    }
    let (y, x) = (options.tensor, try tensor(id, &frame))
    guard let direction else { return (y, x, nil) }
    let (given, model) = (options.tensors[1], direction == .result ? y : x)
    let isAlike =
      given.type.dims.count == model.type.dims.count
      && zip(given.type.dims, model.type.dims).allSatisfy {
        frame.facts.decide(.equal($0, $1)) != .refuted
      }
    guard isAlike else {
      throw Failure(
        .conditionFails(
          "the direction is \(given.type), but what it is a direction of \(model.type)",
          frame.label(call.id)))
    }
    return (y, x, try real(given, at: call.id, &frame))
  }

  /// The gradient of `y` in `x`, where that of `y` itself is `seed`.
  fileprivate func slope(of y: TensorValue, _ x: TensorValue, seed: TensorValue?, _ frame: Frame)
    throws -> TensorValue
  {
    var result = TensorValue(TensorType(.real, x.type.dims, x.type.realElement))
    result.reach = .join(y.reach, x.reach)
    if let machine {
      result.handle = try machine.gradient(
        of: try handle(of: y, frame), withRespectTo: [try handle(of: x, frame)],
        seed: try seed.map { try handle(of: $0, frame) })[0]
    }
    return result
  }

  /// The gradients of all elements of `y` in `x`, side by side.
  fileprivate func jacobian(
    of y: TensorValue, _ x: TensorValue, at id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let dims = y.type.dims + x.type.dims
    var result = TensorValue(TensorType(.real, dims, x.type.realElement))
    result.reach = .join(y.reach, x.reach)
    guard machine != nil else { return result }
    let count = try y.type.dims.reduce(1) { $0 * (try constant($1, id, frame)) }
    guard count > 0 else { return try made(.fill(0), dims, at: id, &frame) }
    let flat = try apply(.reshape, [y], ["dims": .dims([Dim(count)])], at: id, &frame)
    let rows = try (0..<count).map { index in
      let element = try element(flat, along: 0, at: Dim(index), id, &frame)
      return try slope(of: element, x, seed: nil, frame)
    }
    let joined = try stacked(rows, at: 0, id, &frame)
    return try apply(.reshape, [joined], ["dims": .dims(dims)], at: id, &frame)
  }

  /// The value of `body`, whose tensors are computed again for their gradients.
  func recomputing(_ body: () throws -> Value) throws -> Value {
    guard let machine else { return try body() }
    let mark = machine.mark
    // A name that no other part of the same graph has.
    return try recomputing(try body(), since: mark, UInt64(mark), machine)
  }

  private func recomputing(
    _ value: Value, since mark: Int, _ stream: UInt64, _ machine: any Machine
  )
    throws -> Value
  {
    switch value {
    case .tensor(var tensor):
      guard let handle = tensor.handle else { return value }
      tensor.handle = try machine.recompute(handle, since: mark, stream: stream)
      return .tensor(tensor)
    case .tuple(let parts):
      return .tuple(try parts.map { try recomputing($0, since: mark, stream, machine) })
    default: return value
    }
  }
}
