import DLMSyntax

// What a body computes and nothing uses: found in the tree, before any walk.
extension Evaluator {
  /// Warns of inputs, bindings and results that nothing in the layers and functions of a file uses.
  func checkUnused(_ tree: Tree) {
    checkHidden(tree)
    for case .statement(let statement) in tree.items {
      switch statement.kind {
      case .expression(let id): checkResult(id, isLast: true, .top, tree)
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
        checkUnused(body, isResult: false, tree)
      default: break
      }
    }
    for case .declaration(let declaration) in tree.items {
      switch declaration.kind {
      case .layer(let layer):
        checkTwice(layer.statics + layer.inputs, of: layer.name, tree)
        let conditions = layer.conditions.reduce(into: Set<String>()) {
          $0.formUnion(tree.names(in: $1.expression))
        }
        let used = checkUnused(layer.body, isResult: true, tree)
        checkUnused(layer.inputs, used.union(conditions), tree)
        checkStatics(
          // What every call must say may be there so that layers are made alike.
          layer.statics, checking: { $0.standard != nil }, used.union(conditions),
          types: layer.inputs.compactMap(\.type), layer.result, tree)
      case .function(let function):
        checkTwice(function.parameters, of: function.name, tree)
        if function.isLoss, let result = function.result, !result.isOneNumber {
          report(
            Failure(
              .lossOfMany(
                function.name.text, tree.file.string(result.span),
                Diagnostic.Label(tree.file, result.span))))
        }
        var others = function.gradient.map { tree.names(in: $0.body) } ?? []
        if let (names, _) = function.gradient, names.count == 1, let name = names.first,
          !name.text.hasPrefix("_"), !others.contains(name.text), !others.contains("zeros")
        {
          warn(.ignoresGradient(name.text, Diagnostic.Label(tree.file, name.span)))
        }
        for condition in function.conditions {
          others.formUnion(tree.names(in: condition.expression))
        }
        let used = checkUnused(function.body, isResult: true, tree)
        checkUnused(function.parameters, used.union(others), tree)
      case .optimizer(let optimizer):
        checkUnused(optimizer, tree)
      case .schedule(let schedule):
        checkTwice(schedule.statics, of: schedule.name, tree)
        let used = checkUnused(schedule.body, isResult: true, tree)
        checkStatics(schedule.statics, used, types: [], nil, tree)
      case .train(let train): checkUnused(train, tree)
      case .test(_, let body):
        for case .expression(let id) in body.statements.map(\.kind) {
          checkResult(id, isLast: false, .test, tree)
        }
      case .sweep(let axes, let body): checkSwept(axes.map(\.name), body, tree)
      case .use, .data, .dim: break
      }
    }
  }

  /// Reports types that there are not, and comments that are meant as divisions.
  func checkWords(_ tree: Tree) {
    var told: Set<String> = []
    for word in tree.typeWords where !Tree.isType(word.text) && told.insert(word.text).inserted {
      report(
        Failure(
          .unknownKind(
            word.text, tree.nearestType(to: word.text), Diagnostic.Label(tree.file, word.span))))
    }
    for comment in tree.commentsLikeDivisors {
      warn(.commentForDivision(Diagnostic.Label(tree.file, comment), isError: false))
    }
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

  /// Reports parameters of one name.
  private func checkTwice(_ parameters: [Parameter], of owner: Name, _ tree: Tree) {
    for (index, parameter) in parameters.enumerated()
    where parameters[..<index].contains(where: { $0.name.text == parameter.name.text }) {
      report(
        Failure(
          .declaredTwice(
            parameter.name.text, of: owner.text, Diagnostic.Label(tree.file, parameter.name.span))))
    }
  }

  private func checkUnused(_ optimizer: OptimizerDeclaration, _ tree: Tree) {
    checkTwice(optimizer.statics, of: optimizer.name, tree)
    let parameter = optimizer.parameter
    let assigned = optimizer.body.assignedNames(in: tree)
    guard assigned.contains(parameter.text) else {
      return warn(.leavesParameter(optimizer, Diagnostic.Label(tree.file, parameter.span)))
    }
    var used = checkUnused(optimizer.body, isResult: false, tree)
    for condition in optimizer.conditions { used.formUnion(tree.names(in: condition.expression)) }
    checkStatics(optimizer.statics, used, types: [], nil, tree)
    let gradient = optimizer.gradient
    if optimizer.objective == nil, !gradient.text.hasPrefix("_"), !used.contains(gradient.text) {
      warn(
        .neverUsed(
          "the gradient `\(gradient.text)`", Diagnostic.Label(tree.file, gradient.span)))
    }
    let bound = Set(optimizer.body.boundNames)
    for case .state(let states) in optimizer.body.statements.map(\.kind) {
      // What begins as it is for a reason, such as the parameter before the first step, may stay so.
      for state in states
      where !assigned.contains(state.name.text) && !bound.contains(state.name.text)
        && used.contains(state.name.text) && tree.isConstant(state.initial)
      {
        warn(.neverSet(state.name.text, Diagnostic.Label(tree.file, state.name.span)))
      }
    }
  }

  /// What a step binds, its other clauses may read.
  private func checkUnused(_ train: TrainDeclaration, _ tree: Tree) {
    var others: Set<String> = []
    for clause in train.clauses {
      if case .step = clause.kind { continue }
      others.formUnion(tree.names(in: clause))
    }
    let called = train.clauses.flatMap { tree.calledNames(in: $0) }
    for clause in train.clauses {
      switch clause.kind {
      case .step(let body):
        // A layer gets its weights by its first call: that may be all that is wanted.
        checkUnused(
          body, isResult: false, outside: others,
          isWanted: { value in
            let own = tree.calledNames(in: value)
            return own.contains { name in
              called.count { $0 == name } == own.count { $0 == name } && !isPure(name, tree)
            }
          }, tree)
      case .every(_, _, let body), .when(_, let body), .onNaN(let body):
        checkUnused(body, isResult: false, tree)
      default: break
      }
    }
  }

  /// Warns of statics that neither a body nor a type nor another static reads.
  private func checkStatics(
    _ statics: [Parameter], checking isChecked: (Parameter) -> Bool = { _ in true },
    _ used: Set<String>, types: [TypeNode], _ result: TypeNode?, _ tree: Tree
  ) {
    var used = used
    for type in types + [result].compactMap({ $0 }) + statics.compactMap(\.type) {
      used.formUnion(tree.names(in: type))
    }
    for standard in statics.compactMap(\.standard) { used.formUnion(tree.names(in: standard)) }
    for one in statics
    where isChecked(one) && !used.contains(one.name.text) && !one.name.text.hasPrefix("_") {
      warn(
        .neverUsed("the argument `\(one.name.text)`", Diagnostic.Label(tree.file, one.name.span)))
    }
  }

  /// - Parameters:
  ///   - isResult: whether the last expression is what the block gives.
  ///   - others: names that something outside the block reads of it.
  ///   - isWanted: whether a value is there for what else its expression does.
  /// - Returns: the names that the block reads.
  @discardableResult
  private func checkUnused(
    _ body: Block, isResult: Bool, outside others: Set<String> = [],
    isWanted: (ExpressionID) -> Bool = { _ in false }, _ tree: Tree
  ) -> Set<String> {
    // Names of this statement and those behind it.
    var used = others
    for (index, statement) in body.statements.enumerated().reversed() {
      let isLast = index == body.statements.count - 1
      tree.addNames(in: statement, to: &used)
      switch statement.kind {
      case .bind(let bindings, _):
        for binding in bindings {
          let names = binding.pattern.names.filter { !$0.hasPrefix("_") }
          guard !names.isEmpty, used.isDisjoint(with: names), !isWanted(binding.value) else {
            continue
          }
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
        checkResult(id, isLast: isLast, .body, tree)
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

  private func isPure(_ name: String, _ tree: Tree) -> Bool {
    Builtin.names.contains(name) || prelude.scope.defines(name)
  }

  /// Warns of an expression of which nothing but the value comes.
  private func checkResult(
    _ id: ExpressionID, isLast: Bool, _ place: UnusedResult.Place, _ tree: Tree
  ) {
    let result = UnusedResult(id: id, isLast: isLast, place: place, tree: tree, prelude: prelude)
    guard result.isUseless else { return }
    warn(.resultUnused(Diagnostic.Label(tree.file, tree.span(id)), help: result.help))
  }

  /// Warns of what a `scan` carries from place to place and never sets: it stays what it is at first.
  private func checkCarried(_ scan: Scan, _ tree: Tree) {
    let assigned = Set(scan.body.assignedNames(in: tree))
    for name in scan.carry?.pattern.parts ?? [] where !assigned.contains(name.text) {
      warn(.neverCarried(name.text, Diagnostic.Label(tree.file, name.span)))
    }
  }
}

extension Pattern {
  var parts: [Name] {
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
