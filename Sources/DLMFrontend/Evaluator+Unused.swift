import DLMSyntax

// What a body computes and nothing uses: found in the tree, before any walk.
extension Evaluator {
  /// Warns of inputs, bindings and results that nothing in the layers and functions of a file uses.
  func checkUnused(_ tree: Tree) {
    checkHidden(tree)
    for case .statement(let statement) in tree.items {
      switch statement.kind {
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
        checkUnused(body, isResult: false, tree)
      default: break
      }
    }
    for case .declaration(let declaration) in tree.items {
      switch declaration.kind {
      case .layer(let layer):
        let conditions = layer.conditions.reduce(into: Set<String>()) {
          $0.formUnion(tree.names(in: $1.expression))
        }
        let used = checkUnused(layer.body, isResult: true, tree)
        checkUnused(layer.inputs, used.union(conditions), tree)
      case .function(let function):
        if function.isLoss, let result = function.result, !result.isOneNumber {
          report(
            Failure(
              .lossOfMany(
                function.name.text, tree.file.string(result.span),
                Diagnostic.Label(tree.file, result.span))))
        }
        var others = function.gradient.map { tree.names(in: $0.body) } ?? []
        for condition in function.conditions {
          others.formUnion(tree.names(in: condition.expression))
        }
        let used = checkUnused(function.body, isResult: true, tree)
        checkUnused(function.parameters, used.union(others), tree)
      case .optimizer(let optimizer):
        let (told, parameter) = (diagnostics.count, optimizer.parameter)
        checkUnused(optimizer.body, isResult: false, tree)
        // A step that is computed and not taken has been told there.
        let assigned = optimizer.body.assignedNames(in: tree)
        if diagnostics.count == told, !assigned.contains(parameter.text) {
          warn(.leavesParameter(optimizer, Diagnostic.Label(tree.file, parameter.span)))
        }
      case .use, .data, .dim, .schedule, .train, .test, .sweep: break
      }
    }
  }

  /// Reports types that there are not, and comments that are meant as divisions.
  func checkWords(_ tree: Tree) {
    var told: Set<String> = []
    for word in tree.typeWords where !Tree.isType(word.text) && told.insert(word.text).inserted {
      report(Failure(.unknownKind(word.text, tree.nearestType(to: word.text), Diagnostic.Label(tree.file, word.span))))
    }
    for comment in tree.commentsLikeDivisors {
      warn(.commentForDivision(Diagnostic.Label(tree.file, comment), isError: false))
    }
  }

  /// Warns of declarations that a later one of the same name replaces, and of names in blocks that hide a
  /// variable around them.
  private func checkHidden(_ tree: Tree) {
    var declared: [String: Int] = [:]
    for case .declaration(let declaration) in tree.items {
      guard let name = declaration.kind.name else { continue }
      if let line = declared[name.text] {
        warn(
          .hidesName(
            name.text, line: line, Diagnostic.Label(tree.file, name.span),
            help: "drop one of the two, or give it another name"))
      }
      declared[name.text] = tree.file.position(at: name.span.start).line
    }
    var variables: [String: Int] = [:]
    let statements = tree.items.compactMap { item in
      if case .statement(let statement) = item { statement } else { nil }
    }
    checkHidden(statements, around: &variables, isInside: false, tree)
    for case .declaration(let declaration) in tree.items {
      guard let body = declaration.kind.body else { continue }
      var own: [String: Int] = [:]
      checkHidden(body.statements, around: &own, isInside: false, tree)
    }
  }

  private func checkHidden(
    _ statements: [Statement], around variables: inout [String: Int], isInside: Bool, _ tree: Tree
  ) {
    for statement in statements {
      switch statement.kind {
      case .bind(let bindings, let isVariable):
        for name in bindings.flatMap(\.pattern.parts) {
          if isInside, let line = variables[name.text] {
            warn(
              .hidesName(
                name.text, line: line, Diagnostic.Label(tree.file, name.span),
                help: "to change that one write `\(name.text) = ...` without `let`"))
          } else if isVariable {
            variables[name.text] = tree.file.position(at: name.span.start).line
          }
        }
      case .ifElse(let choice):
        checkHidden(in: choice.then, variables, tree)
        if let otherwise = choice.otherwise { checkHidden(in: otherwise, variables, tree) }
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
        checkHidden(in: body, variables, tree)
      default: break
      }
    }
  }

  private func checkHidden(in block: Block, _ variables: [String: Int], _ tree: Tree) {
    var inner = variables
    checkHidden(block.statements, around: &inner, isInside: true, tree)
  }

  private func checkUnused(_ inputs: [Parameter], _ used: Set<String>, _ tree: Tree) {
    for input in inputs where !used.contains(input.name.text) && !input.name.text.hasPrefix("_") {
      // The type of an input may be all that is wanted of it.
      let binds = input.type.map { tree.names(in: $0) } ?? []
      guard binds.isDisjoint(with: used) else { continue }
      warn(
        .neverUsed("the input `\(input.name.text)`", Diagnostic.Label(tree.file, input.name.span)))
    }
  }

  /// - Parameter isResult: whether the last expression is what the block gives.
  /// - Returns: the names that the block reads.
  @discardableResult
  private func checkUnused(_ body: Block, isResult: Bool, _ tree: Tree) -> Set<String> {
    // Names of this statement and those behind it.
    var used: Set<String> = []
    for (index, statement) in body.statements.enumerated().reversed() {
      let isLast = index == body.statements.count - 1
      tree.addNames(in: statement, to: &used)
      switch statement.kind {
      case .bind(let bindings, _):
        for binding in bindings {
          let names = binding.pattern.names.filter { !$0.hasPrefix("_") }
          guard !names.isEmpty, used.isDisjoint(with: names) else { continue }
          warn(
            .neverUsed(
              names.map { "`\($0)`" }.joined(separator: ", "),
              Diagnostic.Label(tree.file, binding.pattern.span)))
        }
      case .param(let parameters):
        for parameter in parameters where !used.contains(parameter.name.text) {
          warn(
            .neverUsed(
              "the parameter `\(parameter.name.text)`",
              Diagnostic.Label(tree.file, parameter.name.span)))
        }
      case .expression(let id) where !(isLast && isResult):
        if tree.isPlainlyUseless(id) {
          warn(.resultUnused(Diagnostic.Label(tree.file, tree.span(id)), isLast: isLast))
        }
      case .ifElse(let choice):
        checkUnused(choice.then, isResult: isLast && isResult, tree)
        if let otherwise = choice.otherwise {
          checkUnused(otherwise, isResult: isLast && isResult, tree)
        }
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
        checkUnused(body, isResult: false, tree)
      case .scan(let scan): checkCarried(scan, tree)
      default: break
      }
    }
    return used
  }

  /// Warns of what a `scan` carries from place to place and never sets: it stays what it is at first.
  private func checkCarried(_ scan: Scan, _ tree: Tree) {
    let assigned = Set(scan.body.assignedNames(in: tree))
    for name in scan.carry?.pattern.parts ?? [] where !assigned.contains(name.text) {
      warn(.neverCarried(name.text, Diagnostic.Label(tree.file, name.span)))
    }
  }
}

extension Declaration.Kind {
  /// What it declares by one name.
  fileprivate var name: Name? {
    switch self {
    case .layer(let layer): layer.name
    case .function(let function): function.name
    case .optimizer(let optimizer): optimizer.name
    case .schedule(let schedule): schedule.name
    case .train(let train): train.name
    case .data(let name, _): name
    case .use, .dim, .test, .sweep: nil
    }
  }

  /// The statements that it walks.
  fileprivate var body: Block? {
    switch self {
    case .layer(let layer): layer.body
    case .function(let function): function.body
    case .optimizer(let optimizer): optimizer.body
    case .schedule(let schedule): schedule.body
    case .test(_, let body): body
    case .use, .data, .dim, .train, .sweep: nil
    }
  }
}

extension Pattern {
  fileprivate var parts: [Name] {
    switch self {
    case .name(let name): [name]
    case .tuple(let parts, _): parts.flatMap(\.parts)
    }
  }

  var span: Span {
    switch self {
    case .name(let name): name.span
    case .tuple(_, let span): span
    }
  }
}

extension Tree {
  /// Whether an expression has no effect but its value: a pipe or arithmetic. A call by itself may be of
  /// a function that prints.
  fileprivate func isPlainlyUseless(_ id: ExpressionID) -> Bool {
    switch self[id] {
    case .pipe, .chain, .unary, .name, .bracket, .field, .integer, .real, .list, .tuple, .record,
      .conditional, .like, .along:
      true
    case .call(let callee, _):
      if case .call = self[callee] { true } else { false }
    default: false
    }
  }
}
