import DLMSyntax

// What a body computes and nothing uses: found in the tree, before any walk.
extension Evaluator {
  /// Warns of inputs, bindings and results that nothing in the layers and functions of a file uses.
  func checkUnused(_ tree: Tree) {
    for case .declaration(let declaration) in tree.items {
      switch declaration.kind {
      case .layer(let layer):
        let conditions = layer.conditions.reduce(into: Set<String>()) {
          $0.formUnion(tree.names(in: $1.expression))
        }
        checkUnused(layer.inputs, layer.body, conditions, tree)
        checkUnused(layer.body, isResult: true, tree)
      case .function(let function):
        var others = function.gradient.map { tree.names(in: $0.body) } ?? []
        for condition in function.conditions {
          others.formUnion(tree.names(in: condition.expression))
        }
        checkUnused(function.parameters, function.body, others, tree)
        checkUnused(function.body, isResult: true, tree)
      case .use, .data, .dim, .optimizer, .schedule, .train, .test, .sweep: break
      }
    }
  }

  private func checkUnused(
    _ inputs: [Parameter], _ body: Block, _ others: Set<String>, _ tree: Tree
  ) {
    let used = tree.names(in: body).union(others)
    for input in inputs where !used.contains(input.name.text) && !input.name.text.hasPrefix("_") {
      // The type of an input may be all that is wanted of it.
      let binds = input.type.map { tree.names(in: $0) } ?? []
      guard binds.isDisjoint(with: used) else { continue }
      warn(
        .neverUsed("the input `\(input.name.text)`", Diagnostic.Label(tree.file, input.name.span)))
    }
  }

  /// - Parameter isResult: whether the last expression is what the block gives.
  private func checkUnused(_ body: Block, isResult: Bool, _ tree: Tree) {
    for (index, statement) in body.statements.enumerated() {
      let isLast = index == body.statements.count - 1
      switch statement.kind {
      case .bind(let bindings, _):
        let rest = Block(statements: Array(body.statements[index...]), span: body.span)
        let used = tree.names(in: rest)
        for binding in bindings {
          let names = binding.pattern.names.filter { !$0.hasPrefix("_") }
          guard !names.isEmpty, used.isDisjoint(with: names) else { continue }
          warn(
            .neverUsed(
              names.map { "`\($0)`" }.joined(separator: ", "),
              Diagnostic.Label(tree.file, binding.pattern.span)))
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
      default: break
      }
    }
  }
}

extension Pattern {
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
