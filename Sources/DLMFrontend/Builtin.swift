import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

/// A call as it is written.
struct Call {
  let name: String
  let arguments: [Argument]
  let piped: Piped?
  let id: ExpressionID

  init(_ name: String, _ arguments: [Argument], _ piped: Piped?, _ id: ExpressionID) {
    self.name = name
    self.arguments = arguments
    self.piped = piped
    self.id = id
  }
}

/// Functions that need to know more than the values of their arguments: axes by name, windows, `grad`.
enum Builtin {
  typealias Function = @Sendable (Evaluator, Call, inout Frame) throws -> Value

  static let all = named.merging(conversions) { $1 }

  private static let named: [String: Function] = [
    "sum": reduce, "product": reduce, "max": extremum, "min": extremum, "mean": mean,
    "argmax": indexOf, "argmin": indexOf, "reshape": reshape, "convolve": convolve,
    "max_pool": pool, "mean_pool": pool, "pick": pick, "real": real, "int": int, "index": index,
    "prod": prod,
    "grad": grad, "length": length, "rearrange": rearrange, "dot": dot,
    "concatenate": concatenate, "stack": stack, "append": append, "chunk": chunk,
    "squeeze": squeeze, "last": last, "convolve_transposed": convolveTransposed,
    "lines": lines, "scatter": scatter, "regions": regions, "histogram": histogram,
    "grid": grid, "replace": replace, "sample": sample, "fail": fail, "positions": positions,
    "flip": flip,
    "select": select, "roll": roll, "pad": pad, "part": part, "resize": resize, "unfold": unfold,
    "adaptive_mean_pool": adaptivePool, "adaptive_max_pool": adaptivePool,
    "one_hot": oneHot, "count": count, "solve": solve, "split": split,
    "jacobian": jacobian, "hessian": hessian, "jvp": jvp, "vjp": vjp, "checkpointed": checkpointed,
    "rank": rank, "parameters": parameters, "image": image,
  ]

  package static let names = Array(all.keys) + Operator.all.map(\.name)

  /// `sum(x, over: B)`, `max(x, over: -1, keep: true)`; over all axes if none is named.
  private static func reduce(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value
  {
    let options = try walk.options(call, ["over", "keep"], &frame)
    let x = try walk.real(kept: options.tensor, at: call.id, &frame)
    let axes = try walk.axes(options["over"], of: x, &frame)
    let keeps = try options["keep"].map { try walk.flag($0, &frame) } ?? false
    let result = try walk.apply(
      operator: call.name, [x], ["axes": .axes(axes)], at: call.id, &frame)
    guard keeps else { return .tensor(result) }
    let dims = x.type.dims.enumerated().map { axes.contains($0) ? 1 : $1 }
    return .tensor(try walk.apply(.reshape, [result], ["dims": .dims(dims)], at: call.id, &frame))
  }

  /// `min(n, 4)` of two whole numbers is a whole number; `min(x, over: B)` goes over axes.
  private static func extremum(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws
    -> Value
  {
    if call.piped == nil, call.arguments.count == 2, call.arguments.allSatisfy({ $0.label == nil }),
      case .int(let a) = try walk.value(call.arguments[0].value, &frame),
      case .int(let b) = try walk.value(call.arguments[1].value, &frame)
    {
      return .int(call.name == "max" ? .max(a, b) : .min(a, b))
    }
    return try reduce(walk, call, &frame)
  }

  private static func mean(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over", "keep"], &frame)
    let x = try walk.real(options.tensor, at: call.id, &frame)
    let axes = try walk.axes(options["over"], of: x, &frame)
    let total = try walk.apply(operator: "sum", [x], ["axes": .axes(axes)], at: call.id, &frame)
    let count = axes.reduce(Dim(1)) { $0 * x.type.dims[$1] }
    let number = walk.number(count, frame)
    var result = try walk.combine(total, .divide, number, at: call.id, &frame)
    if let keep = options["keep"], try walk.flag(keep, &frame) {
      let dims = x.type.dims.enumerated().map { axes.contains($0) ? 1 : $1 }
      result = try walk.apply(.reshape, [result], ["dims": .dims(dims)], at: call.id, &frame)
    }
    // What is between probabilities is one.
    if options.tensor.type.kind == .prob { result.type.kind = .prob }
    return .tensor(result)
  }

  private static func indexOf(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value
  {
    let options = try walk.options(call, ["over"], &frame)
    let axes = try walk.axes(options["over"] ?? .last, of: options.tensor, &frame)
    if frame.site == nil, let axis = axes.first {
      walk.checkScores(call.name, options.tensor, axis, frame.label(call.id))
    }
    return .tensor(
      try walk.apply(
        operator: call.name, [options.tensor], ["axis": .axes(axes)], at: call.id, &frame))
  }

  private static func reshape(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value
  {
    let (x, rest) = try walk.first(call, &frame)
    guard rest.count == 1, case .list(let items) = frame.tree[rest[0].value] else {
      throw Failure(
        .wrongCount(call.name, found: rest.count + 1, expected: 2, frame.label(call.id)))
    }
    let dims = try walk.dims(items, &frame)
    return .tensor(try walk.apply(.reshape, [x], ["dims": .dims(dims)], at: call.id, &frame))
  }

  private static func convolve(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws
    -> Value
  {
    let options = try walk.options(
      call, ["stride", "pad", "groups", "dilation"], &frame, operands: 2)
    let (x, w) = (options.tensors[0], options.tensors[1])
    let size = try w.type.dims.dropFirst(2).map { try walk.constant($0, call.id, frame) }
    let window = try walk.window(Array(size), options, call.id, &frame)
    let groups = try options["groups"].map { try walk.whole($0, &frame) } ?? 1
    return .tensor(
      try walk.apply(
        operator: "convolve", [x, w], ["window": .window(window), "groups": .dim(Dim(groups))],
        at: call.id, &frame))
  }

  /// `convolve_transposed(x, w, stride: 2, pad: 1)`, `w: real[C, out / groups, ...k]`; `extra` places
  /// more at the end of each axis.
  private static func convolveTransposed(_ walk: Evaluator, _ call: Call, _ frame: inout Frame)
    throws -> Value
  {
    let options = try walk.options(
      call, ["stride", "pad", "groups", "dilation", "extra"], &frame, operands: 2)
    let (x, w) = (options.tensors[0], options.tensors[1])
    guard x.type.dims.count == w.type.dims.count, x.type.dims.count > 2 else {
      throw Failure(.nowhereToSlide(x.type, frame.label(call.id)))
    }
    let size = try w.type.dims.dropFirst(2).map { try walk.constant($0, call.id, frame) }
    let window = try walk.window(Array(size), options, call.id, &frame)
    let groups = try options["groups"].map { try walk.whole($0, &frame) } ?? 1
    let extra = try options["extra"].map { try walk.sizes($0, window.size.count, &frame) }
    let wide = zip(x.type.dims.dropFirst(2), window.size.indices).map { dim, axis in
      let reach = window.dilation[axis] * (window.size[axis] - 1) + 1 + (extra?[axis] ?? 0)
      return (dim - 1) * Dim(window.stride[axis]) - Dim(2 * window.low[axis]) + Dim(reach)
    }
    return .tensor(
      try walk.apply(
        operator: "convolve_input_gradient", [x, w],
        [
          "dims": .dims([x.type.dims[0], w.type.dims[1] * Dim(groups)] + wide),
          "window": .window(window), "groups": .dim(Dim(groups)),
        ], at: call.id, &frame))
  }

  /// `rank(x)`: the number of axes.
  private static func rank(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    .int(Dim(try walk.options(call, [], &frame).tensor.type.dims.count))
  }

  /// `parameters(net)`: the trained tensors of a layer and of those inside it, in a list.
  private static func parameters(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws
    -> Value
  {
    guard call.arguments.count == 1, call.piped == nil else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    let place = call.arguments[0].value
    let value = try walk.value(place, &frame)
    guard case .instance(let instance) = value else {
      throw Failure(.notAModule(frame.tree.text(place), value, frame.label(place)))
    }
    var tensors: [Value] = []
    for one in instance.all {
      for kept in one.kept where kept.isTrained {
        let name = Name(text: kept.name, span: frame.tree.span(place))
        tensors.append(try walk.part(name, of: one, frame))
      }
    }
    return .list(tensors)
  }

  /// `positions(T)`: 0, 1, ... as whole numbers.
  private static func positions(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws
    -> Value
  {
    guard call.arguments.count == 1 else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    let count = try walk.int(call.arguments[0].value, &frame)
    return .tensor(
      try walk.apply(
        operator: "iota", [], ["dims": .dims([count]), "axis": .axes([0])], at: call.id, &frame))
  }

  /// `select(c, a, b)`: `a` where `c` is true, elsewhere `b`; numbers and missing leading axes go with
  /// any shape.
  private static func select(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value
  {
    let options = try walk.options(call, [], &frame, operands: 3)
    guard options.tensors[0].type.kind == .bool else {
      throw Failure(.notACondition("\(options.tensors[0].type)", frame.label(call.id)))
    }
    let (a, b) = try walk.promoted(options.tensors[1], options.tensors[2], at: call.id, &frame)
    var dims = try walk.commonDims(a, b, at: call.id, &frame)
    dims = try walk.commonDims(
      options.tensors[0], TensorValue(TensorType(.real, dims)), at: call.id, &frame)
    let parts = try [options.tensors[0], a, b].map {
      try walk.broadcast($0, to: dims, at: call.id, &frame)
    }
    return .tensor(try walk.apply(operator: "select", parts, at: call.id, &frame))
  }

  private static func pool(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["k", "stride", "pad", "dilation"], &frame)
    let rank = max(0, options.tensor.type.dims.count - 2)
    let size = try options["k"].map { try walk.sizes($0, rank, &frame) } ?? []
    let window = try walk.window(size, options, call.id, &frame)
    return .tensor(
      try walk.apply(
        operator: call.name, [options.tensor], ["window": .window(window)], at: call.id, &frame))
  }

  private static func pick(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["over"], &frame, operands: 2)
    let axes = try walk.axes(options["over"] ?? .last, of: options.tensors[0], &frame)
    if let axis = axes.first { walk.checkPicked(options.tensors[0], axis, at: call.id, frame) }
    return .tensor(
      try walk.apply(
        operator: "pick", options.tensors, ["axis": .axes(axes)], at: call.id, &frame))
  }

  private static func real(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    .tensor(try walk.real(try walk.first(call, &frame).0, at: call.id, &frame))
  }

  /// `int(floor(uniform[8] * 6))`: whole numbers; what lies behind the point is cut off.
  private static func int(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    guard rest.isEmpty else {
      throw Failure(
        .wrongCount(call.name, found: rest.count + 1, expected: 1, frame.label(call.id)))
    }
    var result = try walk.apply(
      .cast, [x], ["type": .elementType(.i32)], at: call.id, &frame)
    result.type.kind = .int
    // A number that is known counts as one that the text says: it is a length or an index.
    if result.isScalar, let whole = result.known.flatMap({ Int(exactly: $0) }) {
      return .int(Dim(whole))
    }
    return .tensor(result)
  }

  /// `index([3, 7], 10)`: whole numbers below 10.
  private static func index(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    guard rest.count == 1 else {
      throw Failure(
        .wrongCount(call.name, found: rest.count + 1, expected: 2, frame.label(call.id)))
    }
    guard !x.type.kind.isReal || x.known != nil else {
      throw Failure(.indexOfReals(x.type, frame.label(call.arguments.first?.value ?? call.id)))
    }
    let count = try walk.int(rest[0].value, &frame)
    if call.piped == nil, let first = call.arguments.first?.value {
      try walk.checkBelow(count, first, &frame)
    }
    var result = try walk.below(count, x, at: call.id, &frame)
    result.type.kind = .index(count)
    return .tensor(result)
  }

  /// The product of a pack or a list of whole numbers.
  private static func prod(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    guard call.arguments.count == 1,
      case let value = try walk.value(call.arguments[0].value, &frame)
    else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    if case .name(let name) = frame.tree[call.arguments[0].value], let pack = frame.dims[name] {
      return .int(pack.dims.reduce(1, *))
    }
    // A pack of no axes is an empty list.
    return .int((value.asDims?.dims ?? []).reduce(1, *))
  }

  /// `fail("no row is left")`: ends a run with words of the program's own, and a check that comes to it for
  /// certain.
  private static func fail(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    guard call.arguments.count == 1,
      case .string(let text) = try walk.value(call.arguments[0].value, &frame)
    else { throw Failure(.notAString(frame.tree.text(call.id), frame.label(call.id))) }
    try walk.refuseInChoice("fail", frame.label(call.id))
    throw Failure(.ownWords(text ?? "", frame.label(call.id)), isOwn: true)
  }

  private static func length(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value
  {
    guard call.arguments.count == 1 else {
      throw Failure(
        .wrongCount(call.name, found: call.arguments.count, expected: 1, frame.label(call.id)))
    }
    let value = try walk.value(call.arguments[0].value, &frame)
    if let parts = value.elements { return .int(Dim(parts.count)) }
    if case .anyNumber = value { return walk.anyWhole("length") }
    return .int(try walk.tensor(from: value, call.id, frame).type.dims.first ?? 1)
  }

  /// `grad(z, wrt: x)` or `grad(z, wrt: [x, y])`: an ordinary value, which can be differentiated again.
  private static func grad(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["wrt"], &frame)
    guard let wrt = options["wrt"], case .expression(let id) = wrt else {
      throw Failure(.missingArgument("wrt", of: "grad", frame.label(call.id)))
    }
    guard options.tensor.isScalar else {
      throw Failure(.gradientOfTensor(options.tensor.type, frame.label(call.id)))
    }
    if case .tuple(let items) = frame.tree[id] {
      throw Failure(.tupleOfTargets(items.map { frame.tree.text($0) }, frame.label(id)))
    }
    let targets: [ExpressionID] = if case .list(let items) = frame.tree[id] { items } else { [id] }
    let tensors = try targets.map { try walk.tensor($0, &frame) }
    for (target, tensor) in zip(targets, tensors) where !tensor.type.kind.isReal {
      throw Failure(
        .gradientByWhole(frame.tree.text(target), tensor.type, frame.label(target)))
    }
    for (target, tensor) in zip(targets, tensors) {
      try walk.checkDepends(options.tensor, on: tensor, call, target, frame)
    }
    var results = tensors.map { target in
      var result = TensorValue(TensorType(.real, target.type.dims, target.type.realElement))
      // A gradient can be differentiated again.
      result.reach = .join(options.tensor.reach, target.reach)
      return result
    }
    if let machine = walk.machine {
      let handles = try machine.gradient(
        of: try walk.handle(of: options.tensor, frame),
        withRespectTo: try tensors.map { try walk.handle(of: $0, frame) }, seed: nil)
      for index in results.indices { results[index].handle = handles[index] }
    }
    if case .list = frame.tree[id] { return .tuple(results.map(Value.tensor)) }
    return .tensor(results[0])
  }
}
