import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// `f64(x)`, `bf16(x)`, `i64(x)`: the same numbers as elements of another type.
extension Builtin {
  static let conversions: [String: Function] = Dictionary(
    uniqueKeysWithValues: ElementType.allCases.map { ("\($0)", converted) })

  private static func converted(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws
    -> Value
  {
    guard let type = ElementType.allCases.first(where: { "\($0)" == call.name }),
      call.arguments.count + (call.piped == nil ? 0 : 1) == 1
    else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    // Numbers of the text are of the type from the start, not cut to f32 before.
    let place = call.piped?.place ?? call.arguments[0].value
    let value = try call.piped?.value ?? walk.value(place, &frame)
    if case .list(let items, nil) = value, let literal = try walk.literal(items, as: type) {
      return .tensor(literal)
    }
    let x = try walk.tensor(from: value, place, frame)
    return .tensor(try walk.cast(x, to: type, at: call.id, &frame))
  }
}

extension Evaluator {
  /// The same numbers as elements of `type`.
  func cast(
    _ x: TensorValue, to type: ElementType, at place: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let kind = x.type.kind
    var result = x
    if x.isWritten, x.handle == nil, let known = x.known {
      result.known = type.rounded(known)
      result.type = TensorType(type.kind, [], type)
      result.handle = try machine?.constant([known], dims: [], type)
    } else {
      result = try apply(.cast, [x], ["type": .elementType(type)], at: place, &frame)
    }
    result.isWritten = false
    // Of reals, the kind says more than the type.
    if type.isFloatingPoint, kind.isReal { result.type.kind = kind }
    return result
  }

  /// A value as a tensor, where elements of `type` are declared: numbers of the text are that from the
  /// start.
  func tensor(
    from value: Value, as type: ElementType?, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    guard let type else { return try tensor(from: value, id, frame) }
    if case .list(let items, nil) = value, case .list = frame.tree[id],
      let literal = try literal(items, as: type)
    {
      return literal
    }
    let tensor = try tensor(from: value, id, frame)
    return tensor.isWritten && tensor.known != nil
      ? try cast(tensor, to: type, at: id, &frame) : tensor
  }
}
