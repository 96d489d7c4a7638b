import DLMSyntax

/// Follows the rules of scope through a tree: what `NameTable` is made by.
struct NameResolver {
  let tree: Tree
  var table = NameTable()
  /// Names that can be seen, the innermost block last.
  private var scopes: [(names: [String: Int], span: Span)] = []
  /// The declaration whose body is read.
  private var owner: Int?
  /// Names bound inside the `step` of a training, which its other clauses may read.
  private var stepNames: [String: Int]?
  /// Names behind points, and labels, whose owners may be defined further down.
  private var fields: [(base: ExpressionID, name: Name, owner: Int?)] = []

  private static let constants: Set<String> = ["true", "false", "none", "pi", "inf", "training"]

  init(_ tree: Tree) {
    self.tree = tree
    table.roles.reserveCapacity(tree.expressionCount)
  }

  mutating func resolve() {
    let all = Span(0, tree.file.bytes.count)
    scopes = [([:], all)]
    declareAll(all)
    for item in tree.items {
      switch item {
      case .declaration(let declaration): add(declaration)
      case .statement(let statement): add(statement)
      }
    }
    table.globals = scopes[0].names
    resolveFields()
    resolveLabels()
  }

  /// What bodies may use before the line that declares it.
  private mutating func declareAll(_ all: Span) {
    for item in tree.items {
      switch item {
      case .declaration(let declaration):
        switch declaration.kind {
        case .layer(let layer): declare(layer.name, .layer, declaration.span)
        case .function(let function):
          declare(function.name, function.isLoss ? .loss : .function, declaration.span)
        case .optimizer(let optimizer): declare(optimizer.name, .optimizer, declaration.span)
        case .schedule(let schedule): declare(schedule.name, .schedule, declaration.span)
        case .train(let train): declare(train.name, .training, declaration.span)
        case .data(let name, _): declare(name, .data, declaration.span)
        case .dim(let dims): for dim in dims { declare(dim.name, .dim, declaration.span) }
        case .use, .test, .sweep: break
        }
      case .statement(let statement):
        guard case .bind(let bindings, let isMutable) = statement.kind else { continue }
        for binding in bindings {
          declare(
            binding.pattern, .variable(isMutable: isMutable), statement.span,
            value: binding.value)
        }
      }
    }
  }

  private mutating func declare(
    _ pattern: Pattern, _ kind: NameTable.Kind, _ extent: Span, value: ExpressionID?
  ) {
    switch pattern {
    case .name(let name): declare(name, kind, extent, value: value)
    case .tuple(let parts, _):
      for part in parts { declare(part, kind, extent, value: nil) }
    }
  }

  /// A global is seen from everywhere; where a name is bound twice, the first is seen from above both.
  private mutating func declare(
    _ name: Name, _ kind: NameTable.Kind, _ extent: Span, value: ExpressionID? = nil
  ) {
    let known = scopes[0].names[name.text]
    define(name, kind, extent, value: value)
    if let known { scopes[0].names[name.text] = known }
  }

  mutating func define(
    _ name: Name, _ kind: NameTable.Kind, _ extent: Span, value: ExpressionID? = nil
  ) {
    guard !name.text.isEmpty else { return }
    if case .definition(let index)? = table.roles[name.span] {
      // Declared before: from here on the name means this.
      scopes[scopes.count - 1].names[name.text] = index
      return
    }
    let index = table.definitions.count
    table.definitions.append(
      NameTable.Definition(
        name: name, kind: kind, extent: extent, owner: owner,
        scope: scopes[scopes.count - 1].span, value: value))
    table.roles[name.span] = .definition(index)
    // Metrics are only seen behind a point: `test.acc`.
    if kind == .metric { return }
    scopes[scopes.count - 1].names[name.text] = index
    if stepNames != nil { stepNames?[name.text] = index }
  }

  mutating func define(
    _ pattern: Pattern, _ kind: NameTable.Kind, _ extent: Span, value: ExpressionID? = nil
  ) {
    switch pattern {
    case .name(let name): define(name, kind, extent, value: value)
    case .tuple(let parts, _):
      for part in parts { define(part, kind, extent) }
    }
  }

  private func lookUp(_ name: String) -> Int? {
    for scope in scopes.reversed() {
      if let index = scope.names[name] { return index }
    }
    return stepNames?[name]
  }

  /// A name that is read.
  mutating func use(_ name: Name) {
    if let index = lookUp(name.text) {
      table.roles[name.span] = .use(index)
    } else {
      table.roles[name.span] = Self.constants.contains(name.text) ? .constant : .open
    }
  }

  mutating func label(_ name: Name, of callee: ExpressionID) {
    table.roles[name.span] = .label
    table.labels[name.span] = callee
  }

  mutating func field(_ name: Name, of base: ExpressionID) {
    table.roles[name.span] = .field
    fields.append((base, name, owner))
  }

  /// The name of parameters behind `except`.
  mutating func part(_ name: Name) { table.roles[name.span] = .field }

  mutating func kind(_ name: Name) { table.roles[name.span] = .kind }

  /// Runs `body` in a scope of its own.
  mutating func inside(_ span: Span, _ body: (inout NameResolver) -> Void) {
    scopes.append(([:], span))
    body(&self)
    scopes.removeLast()
  }

  /// Runs `body` for what belongs to the declaration called `name`.
  mutating func inside(declaration name: Name, _ span: Span, _ body: (inout NameResolver) -> Void) {
    let outer = owner
    if case .definition(let index)? = table.roles[name.span] { owner = index }
    inside(span, body)
    owner = outer
  }

  /// Runs `body` for a training, whose `step` leaves names for the clauses after it.
  mutating func insideTraining(_ body: (inout NameResolver) -> Void) {
    let outer = stepNames
    stepNames = [:]
    body(&self)
    stepNames = outer
  }

  /// A name in the type of an input: a dim that is known, or one that the argument binds.
  mutating func bindDim(_ name: Name, _ extent: Span) {
    if let index = lookUp(name.text) {
      switch table.definitions[index].kind {
      case .dim, .setting, .input:
        table.roles[name.span] = .use(index)
        return
      default: break
      }
    }
    define(name, .dim, extent)
  }

  /// The name of a sweep's axis: the binding that it replaces, or one of its own.
  mutating func sweepAxis(_ name: Name, _ extent: Span) {
    if let index = scopes[0].names[name.text] {
      table.roles[name.span] = .use(index)
    } else {
      define(name, .variable(isMutable: false), extent)
    }
  }
}

// Names whose owner is known once everything has been read.
extension NameResolver {
  /// `net.stem`, `test.acc`, `opt.lr`.
  private mutating func resolveFields() {
    for (base, name, owner) in fields {
      if let layer = layer(made: base) {
        if let member = table.members(of: layer).first(where: { isMember($0, named: name.text) }) {
          table.roles[name.span] = .use(member)
        }
      } else if let metric = metric(name.text, of: base, in: owner) {
        table.roles[name.span] = .use(metric)
      }
    }
  }

  private func isMember(_ index: Int, named name: String) -> Bool {
    let definition = table.definitions[index]
    guard definition.name.text == name else { return false }
    switch definition.kind {
    case .variable, .parameter, .state: return true
    default: return false
    }
  }

  /// A metric that `eval` of `base` logs in the same training.
  private func metric(_ name: String, of base: ExpressionID, in owner: Int?) -> Int? {
    guard case .name = tree[base], let owner else { return nil }
    return table.members(of: owner).first {
      table.definitions[$0].kind == .metric && table.definitions[$0].name.text == name
    }
  }

  private mutating func resolveLabels() {
    for (span, callee) in table.labels {
      guard let owner = callable(callee) else { continue }
      let text = tree.file.string(span)
      let wanted = table.members(of: owner).first {
        let definition = table.definitions[$0]
        return definition.name.text == text
          && (definition.kind == .setting || definition.kind == .input)
      }
      if let wanted { table.roles[span] = .use(wanted) }
    }
  }

  /// The declaration of the file whose parameters the labels of a call name.
  private func callable(_ callee: ExpressionID) -> Int? {
    if case .name = tree[callee], let index = table.definition(of: tree.span(callee)) {
      switch table.definitions[index].kind {
      case .layer, .function, .loss, .optimizer, .schedule: return index
      default: break
      }
    }
    return layer(made: callee)
  }

  /// The layer of the file that an expression is an instance of, where the text says so.
  private func layer(made id: ExpressionID) -> Int? {
    switch tree[id] {
    case .call(let callee, _):
      guard case .name = tree[callee], let index = table.definition(of: tree.span(callee)),
        table.definitions[index].kind == .layer
      else { return nil }
      return index
    case .name:
      guard let index = table.definition(of: tree.span(id)),
        let value = table.definitions[index].value, value != id
      else { return nil }
      if case .call = tree[value] { return layer(made: value) }
      return nil
    case .field(_, let name):
      guard let index = table.definition(of: name.span), let value = table.definitions[index].value,
        case .call = tree[value]
      else { return nil }
      return layer(made: value)
    default: return nil
    }
  }
}
