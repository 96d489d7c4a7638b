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
    let value: Value
    if let piped = call.piped {
      value = piped.value
    } else {
      value = try walk.value(call.arguments[0].value, &frame)
    }
    if case .list(let items, nil) = value, let literal = try walk.literal(items, as: type) {
      return .tensor(literal)
    }
    var x = try walk.tensor(from: value, call.piped?.place ?? call.arguments[0].value, frame)
    if x.isScalar, x.handle == nil, let known = x.known, let machine = walk.machine {
      x.known = type.rounded(known)
      x.handle = try machine.constant([known], dims: [], type)
      x.type.kind = type.kind
      return .tensor(x)
    }
    let kind = x.type.kind
    var result = try walk.apply(
      .cast, [x], ["type": .elementType(type)], at: call.id, &frame)
    // Of reals, the kind says more than the type.
    if type.isFloatingPoint, kind.isReal { result.type.kind = kind }
    return .tensor(result)
  }
}
