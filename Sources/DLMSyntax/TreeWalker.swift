/// Goes through a piece of a tree, expressions and statements with what is inside them.
struct TreeWalker {
  let tree: Tree
  /// Told of every expression, from the outside in.
  var onExpression: (Expression) -> Void = { _ in }
  /// Told of every statement, in order.
  var onStatement: (Statement) -> Void = { _ in }
  /// Told of every update of a training.
  var onMinimize: (Minimize) -> Void = { _ in }
  /// Told where each case of a `match` begins.
  var onCase: (Int) -> Void = { _ in }
  /// Whether a name that is only set is an expression too.
  var visitsAssignedNames = true

  func add(_ block: Block) {
    for statement in block.statements { add(statement) }
  }

  func add(_ item: Item) {
    switch item {
    case .statement(let statement): add(statement)
    case .declaration(let declaration): add(declaration.kind)
    }
  }

  private func add(_ declaration: Declaration.Kind) {
    switch declaration {
    case .use(let id), .data(_, let id): add(id)
    case .dim(let dims): dims.forEach { add($0.value) }
    case .layer(let layer):
      add(layer.statics + layer.inputs)
      if let result = layer.result { add(result) }
      add(layer.conditions)
      add(layer.body)
    case .function(let function):
      add(function.parameters)
      if let result = function.result { add(result) }
      add(function.conditions)
      add(function.body)
      if let gradient = function.gradient { add(gradient.body) }
    case .optimizer(let optimizer):
      add(optimizer.statics)
      add(optimizer.conditions)
      add(optimizer.body)
    case .schedule(let schedule):
      add(schedule.statics)
      add(schedule.body)
    case .train(let train):
      add(train.source)
      train.clauses.forEach { add($0) }
    case .test(let name, let body):
      add(name)
      add(body)
    case .sweep(let axes, let body):
      axes.forEach { add($0.values) }
      add(body)
    }
  }

  func add(_ clause: Clause) {
    switch clause.kind {
    case .batch(let id, _, _), .epochs(let id), .steps(let id), .seed(let id), .accumulate(let id),
      .clip(_, let id):
      add(id)
    case .precision: break
    case .minimize(let minimize): add(minimize)
    case .update(let update): add(update)
    case .step(let body), .onNaN(let body): add(body)
    case .every(let count, _, let body):
      if let count { add(count) }
      add(body)
    case .when(let trigger, let body):
      add(trigger)
      add(body)
    case .stop(let trigger, _): add(trigger)
    case .checkpoint(let checkpoint):
      add(checkpoint.path)
      if let interval = checkpoint.interval { add(interval) }
      if let best = checkpoint.best {
        add(best.count)
        add(best.metric)
      }
      if let last = checkpoint.last { add(last) }
    }
  }

  private func add(_ trigger: Trigger) {
    switch trigger {
    case .condition(let id): add(id)
    case .stalls(let id, let count, _, let by):
      add(id)
      add(count)
      if let by { add(by) }
    }
  }

  private func add(_ minimize: Minimize) {
    onMinimize(minimize)
    add(minimize.objective)
    minimize.modules.forEach { add($0) }
    add(minimize.optimizer)
  }

  private func add(_ update: Update) {
    update.modules.forEach { add($0) }
    if let source = update.source { add(source) }
    add(update.function)
  }

  func add(_ type: TypeNode) {
    switch type {
    case .tensor(_, let argument, let dims, _):
      if let argument { add(argument) }
      dims.forEach { add($0) }
    case .tuple(let types, _): types.forEach { add($0) }
    case .list(let inner, _), .optional(let inner, _): add(inner)
    }
  }

  private func add(_ conditions: [Condition]) {
    for condition in conditions {
      add(condition.expression)
      add(condition.message ?? [])
    }
  }

  private func add(_ parts: [StringPart]) {
    for case .value(let id, _) in parts { add(id) }
  }

  func add(_ id: ExpressionID) {
    let expression = tree[id]
    onExpression(expression)
    switch expression {
    case .ifElse(let choice): add(choice)
    case .function(let parameters, let result, let body):
      add(parameters)
      if let result { add(result) }
      add(body)
    default: expression.forEachChild { add($0) }
    }
  }

  private func add(_ parameters: [Parameter]) {
    for parameter in parameters {
      if let type = parameter.type { add(type) }
      if let standard = parameter.standard { add(standard) }
    }
  }

  private func add(_ choice: If) {
    if let subject = choice.subject { add(subject) }
    if choice.isCase {
      onCase(tree.span(choice.condition).start)
      if let otherwise = choice.otherwise { onCase(otherwise.span.start) }
    }
    add(choice.condition)
    add(choice.then)
    if let otherwise = choice.otherwise { add(otherwise) }
  }

  func add(_ statement: Statement) {
    onStatement(statement)
    switch statement.kind {
    case .bind(let bindings, _):
      for binding in bindings {
        if let type = binding.type { add(type) }
        add(binding.value)
        if let source = binding.source { add(source) }
      }
    case .assign(let place, _, let value):
      if case .name = tree[place], !visitsAssignedNames {} else { add(place) }
      add(value)
    case .expression(let id), .emit(let id), .expect(let id), .penalize(let id, _): add(id)
    case .ifElse(let choice): add(choice)
    case .forIn(_, let sequence, let body), .repeatLoop(_, let sequence, let body),
      .whileLoop(let sequence, let body), .eval(let sequence, let body):
      add(sequence)
      add(body)
    case .scan(let scan):
      add(scan.sequence)
      add(scan.axis)
      if let carry = scan.carry { add(carry.initial) }
      add(scan.body)
    case .returns(let id): if let id { add(id) }
    case .prints(let values), .command(_, let values): values.forEach { add($0) }
    case .logs(let items): items.forEach { add($0.value) }
    case .writes(_, let values, let target):
      values.forEach { add($0) }
      if let target { add(target) }
    case .param(let declarations), .state(let declarations):
      for declaration in declarations {
        if let type = declaration.type { add(type) }
        add(declaration.initial)
        if let condition = declaration.condition { add(condition) }
        if let penalty = declaration.penalty { add(penalty) }
      }
    case .when(let condition, let facts, let body):
      add(condition)
      add(facts)
      add(body)
    case .minimize(let minimize): add(minimize)
    case .update(let update): add(update)
    case .dim(let dims): dims.forEach { add($0.value) }
    }
  }
}
