import DLMOperators
import DLMShapes
import DLMSyntax

// Layers and optimizers: made from statics, then applied.
extension Evaluator {
  /// What a constructor makes: inside a layer the same instance at every call.
  func make(
    _ constructor: Constructor, _ given: [Given], at id: ExpressionID, name: String?,
    _ frame: inout Frame
  ) throws -> Value {
    switch constructor.declared {
    case .optimizer(let declaration):
      let bound = try conforming(
        try bind(given, to: declaration.statics, of: constructor.name, frame),
        to: declaration.statics, of: constructor.name, &frame)
      var inner = try entering(constructor.module, nil, at: id, frame)
      var statics: [String: Value] = [:]
      for parameter in declaration.statics {
        let value = try staticValue(parameter, bound, of: constructor.name, at: id, &inner, frame)
        statics[parameter.name.text] = value
        inner.scope.define(parameter.name.text, value)
      }
      try hold(
        declaration.conditions, written: bound.mapValues { frame.label($0.span) }, at: id,
        in: &inner, frame)
      var optimizer = OptimizerValue(
        declaration: declaration, module: constructor.module, statics: statics)
      optimizer.exceptions = bound.names.flatMap { name in
        (bound[name]?.exceptions ?? []).map { (name, $0) }
      }
      return .optimizer(optimizer)
    case .layer(let declaration):
      guard machine != nil || instanceCount < Self.mostLayers else {
        throw Failure(
          .growsTooLarge("a program has no more than \(Self.mostLayers) layers", frame.label(id)))
      }
      if given.count > declaration.statics.count, let input = given.first(where: \.isInput) {
        throw Failure(
          .notMadeYet(constructor.name, frame.tree.text(input.place), frame.label(input.place)))
      }
      let bound = try conforming(
        try bind(given, to: declaration.statics, of: constructor.name, frame),
        to: declaration.statics, of: constructor.name, &frame)
      if constructor.module.isPrelude {
        try refuseUnnamed(bound, declaration.statics, of: constructor.name, frame)
      }
      for parameter in declaration.statics
      where parameter.standard == nil && bound[parameter.name.text] == nil {
        throw Failure(.missingArgument(parameter.name.text, of: constructor.name, frame.label(id)))
      }
      let written = bound.mapValues { frame.label($0.span) }
      let statics = bound.mapValues(\.value)
      let caller = frame.caller
      let make = { (path: String) in
        self.instanceCount += 1
        return Instance(
          declaration, module: constructor.module, path: path, number: self.instanceCount,
          statics: statics, written: written, caller: caller)
      }
      let count = instanceCount
      if frame.isInLoop, machine == nil, frame.site == nil {
        warn(.oneForAllTurns(constructor.name, frame.label(id)))
      }
      guard let owner = frame.instance else {
        let path = name.map { name in frame.turns.reduce(name) { "\($0).\($1)" } }
        let made = path.map(make) ?? unnamed(constructor.name, at: id, frame, make)
        if machine == nil, instanceCount > count { outerLayers.append((made, frame.label(id))) }
        return .instance(again(made, statics, of: constructor.name, at: id, frame))
      }
      let made = owner.child(
        at: id, turns: frame.turns, kind: constructor.name, name: name, make: make)
      return .instance(again(made, statics, of: constructor.name, at: id, frame))
    }
  }

  /// Refuses an option without its name behind a window size: where other libraries have what goes in
  /// first, all would be one place off.
  private func refuseUnnamed(
    _ bound: BoundArguments, _ statics: [Parameter], of name: String, _ frame: Frame
  ) throws {
    guard
      let size = statics.firstIndex(where: { $0.type?.isWindowSize ?? false && $0.standard == nil }
      ),
      size > 0,
      let option = statics.dropFirst(size + 1).first(where: {
        guard let given = bound[$0.name.text] else { return false }
        return $0.standard != nil && given.label == nil
      }), let given = bound[option.name.text]
    else { return }
    let texts = statics[...size].map {
      bound[$0.name.text].map { frame.tree.text($0.place) } ?? "..."
    }
    throw Failure(
      .unnamedOption(
        option.name.text, frame.tree.text(given.place), of: name,
        isNextToSize: option.name == statics[size + 1].name, texts, frame.label(given.place)))
  }

  /// A layer that may have been made before: with the statics of now, and with a word where another call
  /// of a function has made it.
  private func again(
    _ made: Instance, _ statics: [String: Value], of name: String, at id: ExpressionID,
    _ frame: Frame
  ) -> Instance {
    made.take(statics)
    if let first = made.caller, let now = frame.caller, first.call != now.call, machine == nil,
      frame.site == nil
    {
      warn(.oneForAllCalls(name, now.function, frame.label(id)))
    }
    return made
  }

  /// A layer that no binding names and none holds: one for each place in the program and turn of its
  /// `repeat`s, called after its kind, `conv`, `conv2`.
  private func unnamed(
    _ kind: String, at id: ExpressionID, _ frame: Frame, _ make: (String) -> Instance
  ) -> Instance {
    let place = UnnamedPlace(
      module: ObjectIdentifier(frame.module), constructor: id, turns: frame.turns)
    if let known = unnamedLayers[place] { return known }
    let base = Instance.name(of: kind)
    unnamedCounts[base, default: 0] += 1
    let count = unnamedCounts[base, default: 1]
    let made = make(count == 1 ? base : "\(base)\(count)")
    unnamedLayers[place] = made
    return made
  }

  /// What an optimizer needs and these statics do not give, in its words.
  package func unmet(_ optimizer: OptimizerValue, with statics: [String: Value]) throws -> String? {
    var inner = Frame(
      module: optimizer.module, scope: Scope(around: optimizer.module.globals), facts: Facts())
    for (name, value) in statics { inner.scope.define(name, value) }
    for condition in optimizer.declaration.conditions {
      guard case .bool(false?) = try value(condition.expression, &inner) else { continue }
      return try condition.message.flatMap { try text($0, &inner) }
        ?? "this needs \(inner.tree.text(condition.expression))"
    }
    return nil
  }

  /// A static that was given, or its standard value; a real is a number.
  private func staticValue(
    _ parameter: Parameter, _ bound: BoundArguments, of name: String, at id: ExpressionID,
    _ inner: inout Frame, _ frame: Frame
  ) throws -> Value {
    if let given = bound[parameter.name.text] { return given.value }
    guard let standard = parameter.standard else {
      throw Failure(.missingArgument(parameter.name.text, of: name, frame.label(id)))
    }
    return try value(standard, &inner)
  }

  /// Applies a layer to its inputs.
  func apply(_ instance: Instance, _ given: [Given], at id: ExpressionID, _ frame: inout Frame)
    throws -> Value
  {
    let declaration = instance.declaration
    recording?.note(walked: instance)
    let bound = try bind(given, to: declaration.inputs, of: declaration.name.text, frame)
    let callee = Remembered(
      declaration: declaration, module: instance.module,
      parameters: declaration.statics + declaration.inputs, result: declaration.result,
      conditions: declaration.conditions)
    let key = key(callee, instance, bound, frame)
    let names = (declaration.statics + declaration.inputs).map(\.name.text)
    let result = try calling(
      declaration.name.span.union(declaration.body.span), of: instance.module,
      with: names.compactMap { name in
        (bound[name]?.value ?? instance.statics[name]).map { (name, $0) }
      }, at: id, &frame
    ) { frame in
      do {
        return try remembering(key, callee, instance, bound, at: id, &frame) {
          try $0.walk($1 ?? instance, $2, at: id, &$3)
        }
      } catch let failure as Failure {
        throw ofOtherWidth(failure, instance, bound, frame) ?? failure
      }
    }
    if machine == nil, frame.instance == nil, instance.firstInputs.isEmpty {
      instance.firstInputs = bound.mapValues { given in
        try? tensor(from: given.value, given.place, frame).type
      }.compactMapValues { $0 }
    }
    return try followed(result, callee, declaration.name.text, bound, at: id, &frame)
  }

  /// Says of weights that are of another width than a call needs which argument is.
  private func ofOtherWidth(
    _ failure: Failure, _ instance: Instance, _ bound: BoundArguments, _ frame: Frame
  ) -> Failure? {
    guard machine == nil, frame.instance == nil, frame.site == nil,
      let diagnostic = failure.diagnostic, diagnostic.code == "S028"
    else { return nil }
    for given in bound.given {
      guard let tensor = try? tensor(from: given.value, given.place, frame),
        let name = bound.names.first(where: { bound[$0]?.span == given.span }),
        let first = instance.firstInputs[name], first.dims.count == tensor.type.dims.count,
        let axis = first.dims.indices.last(where: {
          frame.facts.decide(.equal(first.dims[$0], tensor.type.dims[$0])) == .refuted
        })
      else { continue }
      return Failure(
        .otherWidth(
          instance.path, first, tensor.type, frame.facts.normal(first.dims[axis]),
          frame.label(given.span), weights: diagnostic.primary))
    }
    return nil
  }

  private func walk(
    _ instance: Instance, _ bound: BoundArguments, at id: ExpressionID, _ frame: inout Frame
  ) throws -> (Value, Entry) {
    let declaration = instance.declaration
    var inner = try entering(instance.module, nil, at: id, frame)
    inner.instance = instance
    inner.body = declaration.body
    inner.precision?.leave(declaration.name.text)
    var late: [Parameter] = []
    for parameter in declaration.statics {
      let name = parameter.name.text
      if let given = instance.statics[name] {
        define(name, given, &inner)
      } else if let standard = parameter.standard {
        // `in: int = I` waits for the inputs.
        if case .name(let dim) = inner.tree[standard], dim.first?.isUppercase == true {
          late.append(parameter)
        } else {
          define(name, try value(standard, &inner), &inner)
        }
      }
    }
    var entry = Entry(evaluator: self, outer: frame, place: id, name: declaration.name.text)
    try entry.enter(declaration.inputs, bound, &inner)
    // What is refused at the door is looked at by itself.
    if !instance.module.isPrelude { appliedLayers.insert(declaration.name.text) }
    for parameter in late {
      if let standard = parameter.standard {
        define(parameter.name.text, try value(standard, &inner), &inner)
      }
    }
    spread(declaration, &inner)
    try hold(declaration.conditions, written: instance.written, at: id, in: &inner, frame)
    entered?(instance, inner)
    let result = try run(declaration.body, &inner)
    return (try entry.leave(with: result, declaration.result, inner, labelled: frame), entry)
  }

  /// A single number for a static of type `ints` stands for one an axis of the input's pack.
  private func spread(_ declaration: LayerDeclaration, _ frame: inout Frame) {
    let packs = declaration.inputs.compactMap { input -> Int? in
      guard let type = input.type, case .tensor(_, let entries)? = try? frame.tree.pattern(type)
      else { return nil }
      for case .pack(.name(let name)) in entries { return frame.dims[name]?.dims.count }
      return nil
    }
    guard let count = packs.first else { return }
    for parameter in declaration.statics {
      if case .tensor(let kind, _, _, _)? = parameter.type, kind.text == "ints",
        case .dim(let dim)? = frame.dims[parameter.name.text]
      {
        frame.dims[parameter.name.text] = .pack(Array(repeating: dim, count: count))
      }
    }
  }

  /// Defines a static; whole numbers and lists of them are dims too.
  private func define(_ name: String, _ value: Value, _ frame: inout Frame) {
    frame.scope.define(name, value)
    if let binding = value.asDims { frame.dims[name] = binding }
  }

  /// Holds the `where` conditions of what is called at `id`: refuted ones are errors, open ones are
  /// requirements and count as facts from here on.
  func hold(
    _ conditions: [Condition], written: [String: Diagnostic.Label], at id: ExpressionID,
    in inner: inout Frame, _ frame: Frame
  ) throws {
    for condition in conditions {
      if let dims = inner.tree.dimCondition(condition.expression) {
        let names = dims.left.names.union(dims.right.names)
        guard names.allSatisfy({ inner.dims[$0] != nil }) else {
          try hold(value: condition, written: written, at: id, in: &inner, frame)
          continue
        }
        let relations: [Relation]
        do throws(DimExpressionError) {
          relations = try dims.relations(with: inner.dims)
        } catch {
          let bound = inner.dims
          let counts = Set(names.subtracting(["pad"]).compactMap { bound[$0]?.packCount })
          let isBorder = names.contains("pad") && counts.count == 1
          throw Failure(.packsDiffer(dims.text, isBorder: isBorder, frame.label(id)))
        }
        for relation in relations {
          switch inner.facts.decide(relation) {
          case .proved: inner.facts.state(relation)
          case .deferred: require(relation, at: frame.label(id), &inner)
          case .refuted:
            throw Failure(
              try refuted(condition, dims, relation, written, at: id, in: &inner, frame))
          }
        }
      } else {
        try hold(value: condition, written: written, at: id, in: &inner, frame)
      }
    }
  }

  /// A condition on numbers: `p >= 0`.
  private func hold(
    value condition: Condition, written: [String: Diagnostic.Label], at id: ExpressionID,
    in inner: inout Frame, _ frame: Frame
  ) throws {
    guard case .bool(false?) = try value(condition.expression, &inner) else { return }
    let text = try condition.message.flatMap { try self.text($0, &inner) }
    let place = written.place(of: inner.tree.names(in: condition.expression)) ?? frame.label(id)
    throw Failure(
      .conditionFails(
        text ?? "this needs \(inner.tree.text(condition.expression))", place))
  }

  /// The diagnostic for a condition on dims that does not hold, with the way the dims came about.
  private func refuted(
    _ condition: Condition, _ dims: DimCondition, _ relation: Relation,
    _ written: [String: Diagnostic.Label], at id: ExpressionID, in inner: inout Frame,
    _ frame: Frame
  ) throws -> Diagnostic {
    let message =
      try condition.message.flatMap { try text($0, &inner) }
      ?? "this needs \(dims.text), but \(relation.normal(inner.facts).failing)"
    var origin: Origin?
    for input in inner.instance?.declaration.inputs ?? [] {
      if case .tensor(let tensor)? = inner.scope[input.name.text]?.value { origin = tensor.origin }
    }
    // `I == in` with `in: 300` written: the number to change is there.
    if dims.comparison == .equal, case .name(let stated) = dims.right, let label = written[stated],
      case .equal(let found, let expected) = relation
    {
      let found = inner.facts.normal(found)
      return .statedOtherwise(
        message, name: stated, expected: inner.facts.normal(expected), found: found, at: label,
        origin, in: frame)
    }
    let stated = written.place(of: dims.left.names.union(dims.right.names))
    return .needsSize(message, origin, stated ?? frame.label(id), in: frame)
  }

  /// Walks a layer that nothing applies, on symbols for everything that a call would say.
  func checkAlone(_ layer: LayerDeclaration, _ frame: inout Frame) throws {
    let required = requirements.count
    _ = try walkedAlone(layer, &frame)
    try checkForced(layer, requirements.dropFirst(required), frame)
  }

  /// Refuses a length that the inputs leave open and the body needs to be one number. Of rows a layer may
  /// be meant for one number.
  private func checkForced(
    _ layer: LayerDeclaration, _ requirements: ArraySlice<Requirement>, _ frame: Frame
  ) throws {
    for requirement in requirements where requirement.owner == layer.name.text {
      guard case .equal(let a, let b) = requirement.relation,
        let symbol = a.soleSymbol ?? b.soleSymbol, let length = a.constant ?? b.constant,
        requirement.place.file.path == frame.tree.file.path, !staticSymbols.contains(symbol),
        symbol.name != "B"
      else { continue }
      let types = layer.inputs.compactMap(\.type)
      guard types.contains(where: { frame.tree.names(in: $0).contains(symbol.name) }) else {
        continue
      }
      throw Failure(.forcesLength(layer.name.text, symbol.name, length, requirement.place))
    }
  }

  /// The layer that such a walk has made; `nil` where a static has no value to walk with.
  func walkedAlone(_ layer: LayerDeclaration, _ frame: inout Frame) throws -> Instance? {
    var statics: [String: Value] = [:]
    for parameter in layer.statics where parameter.standard == nil {
      guard case .tensor(let kind, _, let dims, _)? = parameter.type, dims.isEmpty else {
        return nil
      }
      switch kind.text {
      case "int":
        let symbol = Dim(symbols.symbol(parameter.name.text))
        staticSymbols.formUnion(symbol.symbols)
        statics[parameter.name.text] = .int(symbol)
      case "real": statics[parameter.name.text] = .tensor(.openNumber)
      default: return nil
      }
    }
    instanceCount += 1
    let instance = Instance(
      layer, module: frame.module, path: layer.name.text, number: instanceCount, statics: statics,
      written: [:])
    try walkAlone(instance, &frame)
    return instance
  }

  /// Walks a layer on symbols for what a call would say of its inputs.
  func walkAlone(_ instance: Instance, _ frame: inout Frame) throws {
    let layer = instance.declaration
    recording?.note(walked: instance)
    var inner = Frame(
      module: instance.module, scope: Scope(around: instance.module.globals), facts: frame.facts)
    inner.dims = instance.module.dims
    inner.instance = instance
    for parameter in layer.statics {
      if case .name(let dim)? = parameter.standard.map({ inner.tree[$0] }),
        instance.statics[parameter.name.text] == nil, dim.first?.isUppercase == true
      {
        continue
      }
      let value =
        try instance.statics[parameter.name.text]
        ?? parameter.standard.map { try self.value($0, &inner) }
      if let value { define(parameter.name.text, value, &inner) }
    }
    for input in layer.inputs {
      // A layer for any number of axes, or for anything, says nothing until it is called.
      guard let type = input.type, let value = try alone(type, input, of: layer, &inner) else {
        skippedAlone = true
        return
      }
      if case .tensor = value { recording?.note(value, boundTo: input.name, inner) }
      inner.scope.define(input.name.text, value)
    }
    let around = alone
    alone = .layer
    defer { alone = around }
    try checkNames(in: layer.conditions, inner)
    inner.assume(layer.conditions)
    inner.body = layer.body
    entered?(instance, inner)
    try checkAlone(try run(layer.body, &inner), layer.result, of: layer.name.text, inner)
  }
}

extension Evaluator {
  /// What stands for an input of a type, with symbols for its lengths: something, where it may be left
  /// out; `nil` where the type says too little.
  private func alone(
    _ type: TypeNode, _ input: Parameter, of layer: LayerDeclaration, _ inner: inout Frame
  ) throws -> Value? {
    switch type {
    case .list: return nil
    case .optional(let given, _): return try alone(given, input, of: layer, &inner)
    case .tuple(let types, _):
      var parts: [Value] = []
      for type in types {
        guard let part = try alone(type, input, of: layer, &inner) else { return nil }
        parts.append(part)
      }
      return .tuple(parts)
    case .tensor:
      guard case .tensor(let kind, let entries) = try inner.tree.pattern(type) else { return nil }
      for case .single(let expression) in entries {
        for name in expression.names where inner.dims[name] == nil {
          inner.dims[name] = .dim(Dim(symbols.symbol(name)))
        }
      }
      guard let known = try number(of: kind, &inner), fixPacks(entries, of: layer, &inner) else {
        return nil
      }
      var tensor = TensorValue(known)
      for case .single(let expression) in entries {
        if case .dim(let dim)? = try? expression.evaluated(with: inner.dims).value {
          tensor.type.dims.append(dim)
        }
      }
      tensor.origin = Origin(
        input.name.text, tensor.type, arithmetic: "input of \(layer.name.text)",
        span: input.name.span)
      return .tensor(tensor)
    }
  }

  /// Lets the packs of an input stand for no axes; false where how many there are matters: windows have
  /// a size for each.
  private func fixPacks(_ entries: [DimPattern], of layer: LayerDeclaration, _ frame: inout Frame)
    -> Bool
  {
    // A layer for any number of axes says nothing of them until it is called.
    let hasWindows = !asksForParts || layer.statics.contains { $0.type?.isWindowSize ?? false }
    for entry in entries {
      switch entry {
      case .single: break
      case .pack(.name(let name)) where !hasWindows: frame.dims[name] = .pack([])
      case .pack, .rest, .wildcard: return false
      }
    }
    return true
  }

  /// The kind that an input has on a walk with symbols for everything that a call would say.
  func number(of kind: KindPattern, _ frame: inout Frame) throws -> TensorType? {
    switch kind {
    case .kind(let known): return TensorType(known, [])
    case .element(let type): return TensorType(type.kind, [], type)
    case .index(let count):
      for name in count.names where frame.dims[name] == nil {
        frame.dims[name] = .dim(Dim(symbols.symbol(name)))
      }
      guard case (.dim(let dim), _)? = try? count.evaluated(with: frame.dims) else { return nil }
      return TensorType(.index(dim), [])
    case .number, .any: return nil
    }
  }
}

extension [String: Diagnostic.Label] {
  /// The one of `names` that was written, or the one that was written with its name: what to change.
  fileprivate func place(of names: Set<String>) -> Diagnostic.Label? {
    let stated = names.compactMap { self[$0] }
    if stated.count == 1 { return stated[0] }
    let labelled = names.filter { name in
      self[name].map { $0.file.string($0.span).hasPrefix("\(name):") } ?? false
    }
    return labelled.count == 1 ? labelled.first.flatMap { self[$0] } : nil
  }
}

extension TypeNode {
  fileprivate var isWindowSize: Bool {
    if case .tensor(let kind, _, _, _) = self { kind.text == "ints" } else { false }
  }
}

extension Block {
  /// Where its value comes from.
  var result: Span? { statements.last?.span }
}

extension Value {
  /// Whole numbers as dims.
  var asDims: DimBinding? {
    switch self {
    case .int(let dim): return .dim(dim)
    case .list(let items, _), .tuple(let items):
      let dims = items.compactMap { if case .int(let dim) = $0 { dim } else { nil } }
      return dims.count == items.count && !items.isEmpty ? .pack(dims) : nil
    default: return nil
    }
  }
}

extension DimBinding {
  /// How many lengths it has, if it is a pack.
  fileprivate var packCount: Int? { if case .pack(let dims) = self { dims.count } else { nil } }
}

extension Relation {
  /// With the values that the facts give.
  func normal(_ facts: Facts) -> Relation { mapDims { facts.normal($0) } }
}
