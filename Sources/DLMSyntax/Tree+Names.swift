// Which names a piece of a tree uses, whatever they stand for.
extension Tree {
  /// Names that `block` reads, in its expressions and types; names that it only defines are not among
  /// them.
  package func names(in block: Block) -> Set<String> {
    var found = NameCollector(tree: self)
    found.add(block)
    return found.names
  }

  package func names(in id: ExpressionID) -> Set<String> {
    var found = NameCollector(tree: self)
    found.add(id)
    return found.names
  }

  package func names(in type: TypeNode) -> Set<String> {
    var found = NameCollector(tree: self)
    found.add(type)
    return found.names
  }
}

private struct NameCollector {
  let tree: Tree
  var names: Set<String> = []

  mutating func add(_ block: Block) {
    for statement in block.statements { add(statement) }
  }

  mutating func add(_ type: TypeNode) {
    switch type {
    case .tensor(_, let argument, let dims, _):
      if let argument { add(argument) }
      dims.forEach { add($0) }
    case .tuple(let types, _): types.forEach { add($0) }
    case .list(let inner, _), .optional(let inner, _): add(inner)
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

  mutating func add(_ id: ExpressionID) {
    switch tree[id] {
    case .name(let name): names.insert(name)
    case .string(let parts): add(parts)
    case .list(let items), .tuple(let items), .pipe(let items), .allBut(let items),
      .group(let items):
      items.forEach { add($0) }
    case .record(let fields): fields.forEach { add($0.value) }
    case .call(let callee, let arguments):
      add(callee)
      arguments.forEach { add($0.value) }
    case .bracket(let base, let items):
      add(base)
      items.forEach { add($0) }
    case .field(let base, _), .unary(_, let base), .fixed(let base): add(base)
    case .chain(let first, let rest):
      add(first)
      rest.forEach { add($0.operand) }
    case .conditional(let a, let b, let c):
      add(a)
      add(b)
      add(c)
    case .ifElse(let choice): add(choice)
    case .function(let parameters, let body):
      add(parameters)
      add(body)
    case .range(let a, let b, _), .like(let a, let b), .along(let a, let b),
      .rearrangement(let a, let b):
      add(a)
      add(b)
    case .pack(let inner): if let inner { add(inner) }
    case .integer, .real, .rest, .hole, .invalid: break
    }
  }

  private mutating func add(_ parameters: [Parameter]) {
    for parameter in parameters {
      if let type = parameter.type { add(type) }
      if let standard = parameter.standard { add(standard) }
    }
  }

  private mutating func add(_ choice: If) {
    add(choice.condition)
    add(choice.then)
    if let otherwise = choice.otherwise { add(otherwise) }
  }

  private mutating func add(_ statement: Statement) {
    switch statement.kind {
    case .bind(let bindings, _):
      for binding in bindings {
        if let type = binding.type { add(type) }
        add(binding.value)
        if let source = binding.source { add(source) }
        if let rename = binding.rename { names.insert(rename.text) }
      }
    case .assign(let place, _, let value):
      // A variable that is only ever set is not used; a part of it that is set is.
      if case .name = tree[place] {} else { add(place) }
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
    case .minimize(let minimize):
      add(minimize.objective)
      minimize.modules.forEach { add($0) }
      add(minimize.optimizer)
    case .dim(let dims): dims.forEach { add($0.value) }
    }
  }
}
