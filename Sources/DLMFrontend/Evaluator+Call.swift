import DLMOperators
import DLMShapes
import DLMSyntax

/// One argument of a call, evaluated.
struct Given {
  var label: Name?
  var value: Value
  var place: ExpressionID
  /// Of the label and the value: what a fix replaces.
  var span: Span
  /// Parameters that get something else.
  var exceptions: [GivenException] = []
}

extension Given {
  /// Whether it is a tensor, which layers take once they are made.
  var isInput: Bool {
    if case .tensor(let tensor) = value { label == nil && !tensor.isScalar } else { false }
  }
}

/// `except stem.* at 0.01`: what some parameters get instead of an argument.
struct GivenException {
  var patterns: [Name]
  var value: Value
}

extension Evaluator {
  /// A call as it is written; `piped` comes before the arguments.
  func call(
    _ callee: ExpressionID, _ arguments: [Argument], piped: Piped?, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    switch frame.tree[callee] {
    case .name(let name):
      if !frame.scope.defines(name) {
        if Maker.named[name] != nil { throw Failure(.makerCalled(name, arguments, id, frame)) }
        if let result = try call(builtin: name, arguments, piped, id, &frame) { return result }
      }
      if name == "augment", let piped {
        return .split(try augmented(piped, arguments, id, &frame))
      }
    case .field(let base, let method) where method.text == "windows" && piped == nil:
      return .split(try windows(of: try split(base, &frame), arguments, id, &frame))
    default: break
    }
    let name = frame.boundName
    frame.boundName = nil
    let function: Value
    do {
      function = try called(callee, &frame)
    } catch var failure as Failure {
      failure.offerLayer(callee, arguments, id, frame)
      throw failure
    }
    let given = piped.map {
      [Given(label: nil, value: $0.value, place: $0.place, span: frame.tree.span($0.place))]
    }
    return try call(function, callee, arguments, given, name: name, id, &frame)
  }

  private func called(_ callee: ExpressionID, _ frame: inout Frame) throws -> Value {
    if case .name(let name) = frame.tree[callee], frame.dims[name] != nil,
      let value = frame.scope.value(of: name), case .constructor = value
    {
      return value
    }
    return try value(callee, &frame)
  }

  /// Calls what `callee` stands for; `given` comes before the arguments.
  func call(
    _ function: Value, _ callee: ExpressionID, _ arguments: [Argument], _ given: [Given]?,
    name: String?, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> Value {
    switch function {
    case .constructor(let constructor):
      // `Conv(10, k: 5)` makes; behind a pipe it also applies what it made.
      let statics = try evaluated(arguments, &frame)
      if case .layer = constructor.declared { try refuseExceptions(statics, frame) }
      let made = try make(constructor, statics, at: id, name: given == nil ? name : nil, &frame)
      guard case .instance(let instance) = made else { return made }
      recording?.note(made: instance, at: id, frame)
      guard let input = given else { return made }
      return try apply(instance, input, at: id, &frame)
    case .instance(let instance):
      let all = (given ?? []) + (try evaluated(arguments, &frame))
      try refuseExceptions(all, frame)
      return try apply(instance, all, at: id, &frame)
    case .function(let function):
      let all = (given ?? []) + (try evaluated(arguments, &frame))
      try refuseExceptions(all, frame)
      return try apply(function, all, at: id, &frame)
    case .recomputed(let inner):
      return try recomputing {
        try call(inner.function, callee, arguments, given, name: name, id, &frame)
      }
    case .objective(let function):
      let all = (given ?? []) + (try evaluated(arguments, &frame))
      guard all.count == 1 else {
        throw Failure(
          .wrongCount(
            frame.tree.text(callee), found: all.count, expected: 1, frame.label(id)))
      }
      return .tensor(
        try function.value(at: tensor(from: all[0].value, all[0].place, frame), id, &frame))
    case .schedule(let schedule, let module):
      return try rate(schedule, module, try evaluated(arguments, &frame), at: id, &frame)
    case .builtin(let name):
      let piped = given?.first.map { Piped(value: $0.value, place: $0.place) }
      return try call(builtin: name, arguments, piped, id, &frame) ?? .none
    case .failed: throw Failure(nil)
    default:
      throw Failure(.notCallable(function.sort, frame.tree.text(callee), frame.label(callee)))
    }
  }

  /// A call of what the language has by itself; `nil` where it has no such name.
  private func call(
    builtin name: String, _ arguments: [Argument], _ piped: Piped?, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value? {
    if let builtin = Builtin.all[name] {
      return try builtin(self, Call(name, arguments, piped, id), &frame)
    }
    return try Operator.named(name).map { try call($0, arguments, piped, id, &frame) }
  }

  func evaluated(_ arguments: [Argument], _ frame: inout Frame) throws -> [Given] {
    try arguments.map { argument in
      let place = frame.tree.span(argument.value)
      return Given(
        label: argument.label, value: try axesOrValue(argument.value, &frame),
        place: argument.value, span: argument.label.map { $0.span.union(place) } ?? place,
        exceptions: try argument.exceptions.map { exception in
          let value = try exception.value.map { try self.value($0, &frame) } ?? .number(0)
          return GivenException(patterns: exception.patterns, value: value)
        })
    }
  }

  /// Only an optimizer knows parameters that something is not for.
  private func refuseExceptions(_ given: [Given], _ frame: Frame) throws {
    for one in given {
      guard let pattern = one.exceptions.first?.patterns.first else { continue }
      throw Failure(.exceptOutside(frame.label(pattern.span)))
    }
  }

  /// The value of an argument; `all but B` and the like stay what they are until their tensor is known.
  private func axesOrValue(_ id: ExpressionID, _ frame: inout Frame) throws -> Value {
    if case .allBut = frame.tree[id] { return .none }
    return try value(id, &frame)
  }

  /// A function of the program or the prelude.
  func apply(_ function: FunctionValue, _ given: [Given], at id: ExpressionID, _ frame: inout Frame)
    throws -> Value
  {
    let declaration = function.declaration
    if !function.module.isPrelude { calledFunctions.insert(declaration.name.text) }
    let bound = try bind(given, to: declaration.parameters, of: declaration.name.text, frame)
    let callee = Remembered(
      declaration: declaration, module: function.module, parameters: declaration.parameters,
      result: declaration.result, conditions: declaration.conditions)
    // What a function written as a value gives depends on what is around it.
    let key = function.enclosing == nil ? key(callee, nil, bound, frame) : nil
    let names = declaration.parameters.map(\.name.text)
    let result = try calling(
      declaration.name.span.union(declaration.body.span), of: function.module,
      with: names.compactMap { name in bound[name].map { (name, $0.value) } }, at: id, &frame
    ) {
      try remembering(key, callee, nil, bound, at: id, &$0) { evaluator, _, bound, frame in
        try evaluator.walk(function, bound, at: id, &frame)
      }
    }
    return try followed(result, callee, declaration.name.text, bound, at: id, &frame)
  }

  private func walk(
    _ function: FunctionValue, _ bound: BoundArguments, at id: ExpressionID,
    _ frame: inout Frame
  ) throws -> (Value, Entry) {
    let declaration = function.declaration
    var inner = try entering(function.module, function.enclosing, at: id, frame)
    var dims = function.dims
    dims.add(inner.dims)
    inner.dims = dims
    inner.body = declaration.body
    if declaration.isLoss { inner.precision?.leave("loss") }
    inner.instance = frame.instance
    inner.turns = frame.turns
    if !function.module.isPrelude {
      inner.caller = Caller(function: declaration.name.text, call: id)
    }
    var entry = Entry(evaluator: self, outer: frame, place: id, name: declaration.name.text)
    try entry.enter(declaration.parameters, bound, &inner)
    try hold(declaration.conditions, written: [:], at: id, in: &inner, frame)
    let body = try run(declaration.body, &inner)
    let result = try withGradient(body, of: declaration, inner)
    return (try entry.leave(with: result, declaration.result, inner, labelled: frame), entry)
  }

  /// The number that a schedule gives at the step of the training around.
  private func rate(
    _ schedule: ScheduleDeclaration, _ module: Module, _ given: [Given], at id: ExpressionID,
    _ frame: inout Frame
  ) throws -> Value {
    guard frame.train != nil, let clock = frame.scope[schedule.clock.text] else {
      throw Failure(.onlyInTrain(frame.tree.text(id), frame.label(id)))
    }
    let scope = Scope(around: module.globals)
    scope.define(schedule.clock.text, clock.value)
    let function = FunctionDeclaration(
      name: schedule.name, isLoss: false, parameters: schedule.statics, result: nil,
      conditions: [], body: schedule.body, gradient: nil)
    return try apply(
      FunctionValue(declaration: function, module: module, enclosing: scope), given, at: id, &frame)
  }

  /// A frame for the body of what is called at `id`.
  func entering(
    _ module: Module, _ enclosing: Scope?, at id: ExpressionID, _ frame: Frame
  ) throws -> Frame {
    var inner = Frame(
      module: module, scope: Scope(around: enclosing ?? module.globals), facts: frame.facts)
    inner.dims = module.dims
    inner.isTraining = frame.isTraining
    inner.precision = frame.precision
    inner.depth = frame.depth + 1
    if module.isPrelude { inner.site = frame.label(id) }
    guard inner.depth < 200 else { throw Failure(.callsTooDeep(frame.label(id))) }
    return inner
  }

  /// Which argument each parameter gets.
  func bind(
    _ given: [Given], to parameters: [Parameter], of name: String, _ frame: Frame
  ) throws -> BoundArguments {
    var bound = BoundArguments()
    let names = parameters.map(\.name.text)
    var position = 0
    for argument in given {
      if let label = argument.label {
        guard names.contains(label.text) else {
          throw Failure(
            .unknownOption(
              label.text, of: name, nearest(to: label.text, among: names),
              frame.label(label.span)))
        }
        guard bound[label.text] == nil else {
          throw Failure(.givenTwice(label.text, of: name, frame.label(label.span)))
        }
        bound[label.text] = argument
        continue
      }
      while position < names.count, bound[names[position]] != nil { position += 1 }
      guard position < names.count else {
        // That two of them have one name is told where they are declared.
        if Set(names).count < names.count { throw Failure(nil) }
        throw Failure(
          .wrongCount(name, found: given.count, expected: names.count, frame.label(argument.place)))
      }
      bound[names[position]] = argument
    }
    return bound
  }

  /// Runs a body; its value is that of its last expression, or of the first `return`.
  func run(_ body: Block, _ frame: inout Frame) throws -> Value {
    var last: Value = .none
    frame.returns = Returns()
    _ = try walk(body, &frame, result: &last)
    return try result(last, &frame)
  }
}
