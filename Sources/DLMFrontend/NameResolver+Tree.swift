import DLMSyntax

// One case of the tree each.
extension NameResolver {
  mutating func add(_ declaration: Declaration) {
    let span = declaration.span
    switch declaration.kind {
    case .use(let path): add(path)
    case .data(let name, let value):
      add(value)
      define(name, .data, span, value: value)
    case .dim(let dims): add(dims, span)
    case .layer(let layer):
      inside(declaration: layer.name, span) { $0.add(layer, span) }
    case .function(let function):
      inside(declaration: function.name, span) { $0.add(function, span) }
    case .optimizer(let optimizer):
      inside(declaration: optimizer.name, span) {
        $0.add(optimizer.statics, .setting, span)
        $0.define(optimizer.parameter, .variable(isMutable: true), span)
        $0.define(optimizer.gradient, .variable(isMutable: false), span)
        $0.add(statementsOf: optimizer.body)
      }
    case .schedule(let schedule):
      inside(declaration: schedule.name, span) {
        $0.add(schedule.statics, .setting, span)
        $0.define(schedule.clock, .variable(isMutable: false), span)
        $0.add(statementsOf: schedule.body)
      }
    case .train(let train):
      add(train.source)
      inside(declaration: train.name, span) { resolver in
        resolver.insideTraining { $0.add(train) }
      }
    case .test(let name, let body):
      add(name)
      add(body)
    case .sweep(let axes, let body):
      for axis in axes { add(axis.values) }
      inside(span) {
        for axis in axes { $0.sweepAxis(axis.name, span) }
        $0.add(statementsOf: body)
      }
    }
  }

  private mutating func add(_ dims: [(name: Name, value: ExpressionID)], _ extent: Span) {
    for dim in dims {
      add(dim.value)
      define(dim.name, .dim, extent, value: dim.value)
    }
  }

  /// Standard values may use what the inputs bind: `in: int = I`.
  private mutating func add(_ layer: LayerDeclaration, _ extent: Span) {
    for parameter in layer.statics { define(parameter.name, .setting, extent) }
    bind(layer.inputs, extent)
    for parameter in layer.statics {
      if let type = parameter.type { add(type) }
      if let standard = parameter.standard { add(standard) }
    }
    if let result = layer.result { add(result) }
    add(layer.conditions)
    add(statementsOf: layer.body)
  }

  private mutating func add(_ function: FunctionDeclaration, _ extent: Span) {
    bind(function.parameters, extent)
    if let result = function.result { add(result) }
    add(function.conditions)
    inside(function.body.span) { $0.add(statementsOf: function.body) }
    if let gradient = function.gradient {
      inside(gradient.body.span) {
        for name in gradient.names { $0.define(name, .variable(isMutable: false), extent) }
        $0.add(statementsOf: gradient.body)
      }
    }
  }

  /// Inputs, and the dims that their types bind.
  private mutating func bind(_ inputs: [Parameter], _ extent: Span) {
    for input in inputs {
      if let type = input.type { add(type, binding: extent) }
      define(input.name, .input, extent)
    }
    for input in inputs {
      if let standard = input.standard { add(standard) }
    }
  }

  private mutating func add(_ parameters: [Parameter], _ kind: NameTable.Kind, _ extent: Span) {
    for parameter in parameters { define(parameter.name, kind, extent) }
    for parameter in parameters {
      if let type = parameter.type { add(type) }
      if let standard = parameter.standard { add(standard) }
    }
  }

  private mutating func add(_ conditions: [Condition]) {
    for condition in conditions {
      add(condition.expression)
      add(condition.message ?? [])
    }
  }

  private mutating func add(_ parts: [StringPart]) {
    for case .value(let id, _) in parts { add(id) }
  }

  // MARK: Trainings

  private mutating func add(_ train: TrainDeclaration) {
    // What `keep best` and `when` name is known once the other clauses have been read.
    let isLast = { (clause: Clause) in
      switch clause.kind {
      case .checkpoint, .when, .stop: true
      default: false
      }
    }
    for clause in train.clauses.filter({ !isLast($0) }) + train.clauses.filter(isLast) {
      add(clause)
    }
  }

  private mutating func add(_ clause: Clause) {
    switch clause.kind {
    case .batch(let id, _, _), .epochs(let id), .steps(let id), .seed(let id), .accumulate(let id),
      .clip(_, let id):
      add(id)
    case .precision: break
    case .minimize(let minimize): add(minimize, clause.span)
    case .update(let update): add(update)
    case .step(let body): add(statementsOf: body)
    case .onNaN(let body): add(body)
    case .every(let count, _, let body):
      if let count { add(count) }
      add(body)
    case .when(let trigger, let body):
      add(trigger)
      add(body)
    case .stop(let trigger, _): add(trigger)
    case .checkpoint(let checkpoint):
      let ids = [
        checkpoint.path, checkpoint.interval, checkpoint.best?.count, checkpoint.best?.metric,
        checkpoint.last,
      ]
      for id in ids { if let id { add(id) } }
    }
  }

  private mutating func add(_ trigger: Trigger) {
    switch trigger {
    case .condition(let id): add(id)
    case .stalls(let id, let count, _, let by):
      add(id)
      add(count)
      if let by { add(by) }
    }
  }

  private mutating func add(_ minimize: Minimize, _ extent: Span) {
    add(minimize.objective)
    minimize.modules.forEach { add($0) }
    add(minimize.optimizer)
    if let name = minimize.name { define(name, .update, extent, value: minimize.optimizer) }
  }

  private mutating func add(_ update: Update) {
    update.modules.forEach { add($0) }
    if let source = update.source { add(source) }
    add(update.function)
  }

  // MARK: Types

  mutating func add(_ type: TypeNode) {
    switch type {
    case .tensor(let name, let argument, let dims, _):
      kind(name)
      if let argument { add(argument) }
      dims.forEach { add($0) }
    case .tuple(let types, _): types.forEach { add($0) }
    case .list(let inner, _), .optional(let inner, _): add(inner)
    }
  }

  /// The type of an input, whose new names the argument binds.
  private mutating func add(_ type: TypeNode, binding extent: Span) {
    switch type {
    case .tensor(let name, let argument, let dims, _):
      kind(name)
      for id in dims + (argument.map { [$0] } ?? []) { bindDims(id, extent) }
    case .tuple(let types, _): types.forEach { add($0, binding: extent) }
    case .list(let inner, _), .optional(let inner, _): add(inner, binding: extent)
    }
  }

  private mutating func bindDims(_ id: ExpressionID, _ extent: Span) {
    switch tree[id] {
    case .name(let text): bindDim(Name(text: text, span: tree.span(id)), extent)
    case .pack(let inner?): bindDims(inner, extent)
    default:
      let children = tree.children(of: id)
      for child in children { bindDims(child, extent) }
    }
  }

  // MARK: Expressions

  mutating func add(_ id: ExpressionID) {
    switch tree[id] {
    case .name(If.subjectName): break
    case .name(let text): use(Name(text: text, span: tree.span(id)))
    case .field(let base, let name):
      add(base)
      field(name, of: base)
    case .call(let callee, let arguments):
      add(callee)
      for argument in arguments {
        if let name = argument.label { label(name, of: callee) }
        add(argument.value)
        for exception in argument.exceptions {
          exception.patterns.forEach { part($0) }
          if let value = exception.value { add(value) }
        }
      }
    case .ifElse(let choice): add(choice)
    case .function(let parameters, let result, let body):
      inside(tree.span(id)) {
        $0.bind(parameters, $0.tree.span(id))
        if let result { $0.add(result) }
        $0.add(statementsOf: body)
      }
    case .record(let fields):
      for field in fields { add(field.value) }
    default:
      let children = tree.children(of: id)
      for child in children { add(child) }
    }
  }

  private mutating func add(_ choice: If) {
    if let subject = choice.subject { add(subject) }
    add(choice.condition)
    inside(choice.then.span) {
      if let name = choice.binding {
        $0.define(name, .variable(isMutable: false), name.span, value: choice.condition)
      }
      $0.add(statementsOf: choice.then)
    }
    if let otherwise = choice.otherwise { add(otherwise) }
  }

  // MARK: Statements

  private mutating func add(_ block: Block) {
    inside(block.span) { $0.add(statementsOf: block) }
  }

  private mutating func add(statementsOf block: Block) {
    for statement in block.statements { add(statement) }
  }

  mutating func add(_ statement: Statement) {
    let span = statement.span
    switch statement.kind {
    case .bind(let bindings, let isMutable):
      for binding in bindings {
        if let type = binding.type { add(type) }
        add(binding.value)
        if let source = binding.source { add(source) }
        if let rename = binding.rename { use(rename) }
        define(binding.pattern, .variable(isMutable: isMutable), span, value: binding.value)
      }
    case .assign(let place, _, let value):
      add(value)
      add(place)
    case .expression(let id), .emit(let id), .expect(let id): add(id)
    case .penalize(let id, let name):
      add(id)
      if let name { define(name, .metric, span) }
    case .ifElse(let choice): add(choice)
    case .forIn(let pattern, let sequence, let body):
      add(sequence)
      loop(pattern, body, span)
    case .repeatLoop(let pattern, let sequence, let body):
      add(sequence)
      loop(pattern, body, span)
    case .whileLoop(let condition, let body):
      add(condition)
      add(body)
    case .eval(let source, let body):
      add(source)
      add(body)
    case .scan(let scan): add(scan, span)
    case .returns(let id): if let id { add(id) }
    case .prints(let values), .command(_, let values): values.forEach { add($0) }
    case .logs(let items):
      for item in items {
        add(item.value)
        if let name = item.name { define(name, .metric, span) }
      }
    case .writes(_, let values, let target):
      values.forEach { add($0) }
      if let target { add(target) }
    case .param(let declarations): add(declarations, .parameter, span)
    case .state(let declarations): add(declarations, .state, span)
    case .when(let condition, let facts, let body):
      add(condition)
      add(facts)
      add(statementsOf: body)
    case .minimize(let minimize): add(minimize, span)
    case .update(let update): add(update)
    case .dim(let dims): add(dims, span)
    }
  }

  private mutating func loop(_ pattern: Pattern?, _ body: Block, _ extent: Span) {
    inside(body.span) {
      if let pattern { $0.define(pattern, .variable(isMutable: false), extent) }
      $0.add(statementsOf: body)
    }
  }

  private mutating func add(_ scan: Scan, _ extent: Span) {
    add(scan.sequence)
    add(scan.axis)
    if let carry = scan.carry { add(carry.initial) }
    // What is carried is known behind the scan too.
    if let carry = scan.carry { define(carry.pattern, .variable(isMutable: true), extent) }
    inside(scan.body.span) {
      $0.define(scan.pattern, .variable(isMutable: false), extent)
      $0.add(statementsOf: scan.body)
    }
  }

  private mutating func add(
    _ declarations: [ParamDeclaration], _ kind: NameTable.Kind, _ extent: Span
  ) {
    for declaration in declarations {
      if let type = declaration.type { add(type) }
      add(declaration.initial)
      if let condition = declaration.condition { add(condition) }
      if let penalty = declaration.penalty { add(penalty) }
      define(declaration.name, kind, extent)
    }
  }
}
