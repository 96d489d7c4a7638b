import DLMSyntax

// Names that hide others: found in the tree, before any walk.
extension Evaluator {
  /// Warns of declarations that a later one of the same name replaces, and of names in blocks that hide a
  /// variable around them.
  func checkHidden(_ tree: Tree) {
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
    var variables: Variables = [:]
    let statements = tree.items.compactMap { item in
      if case .statement(let statement) = item { statement } else { nil }
    }
    checkHidden(statements, around: &variables, isInside: false, tree)
    for case .declaration(let declaration) in tree.items {
      guard let body = declaration.kind.body else { continue }
      var own: Variables = [:]
      checkHidden(body.statements, around: &own, isInside: false, tree)
    }
  }

  /// What may be set, with the line that declares it.
  private typealias Variables = [String: (line: Int, isState: Bool)]

  private func checkHidden(
    _ statements: [Statement], around variables: inout Variables, isInside: Bool, _ tree: Tree
  ) {
    for statement in statements {
      switch statement.kind {
      case .bind(let bindings, let isVariable):
        for name in bindings.flatMap(\.pattern.parts) {
          // A second variable in the same block is one that begins anew; a state goes on.
          if let known = variables[name.text], isInside || known.isState {
            warn(
              .hidesName(
                name.text, line: known.line, Diagnostic.Label(tree.file, name.span),
                help: "to change that one write `\(name.text) = ...` without `let`"))
          } else if isVariable {
            variables[name.text] = (tree.file.position(at: name.span.start).line, false)
          }
        }
      case .state(let declarations):
        for name in declarations.map(\.name) {
          variables[name.text] = (tree.file.position(at: name.span.start).line, true)
        }
      case .ifElse(let choice):
        checkHidden(in: choice.then, variables, tree)
        if let otherwise = choice.otherwise { checkHidden(in: otherwise, variables, tree) }
      case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body),
        .when(_, _, let body):
        checkHidden(in: body, variables, tree)
      default: break
      }
    }
  }

  private func checkHidden(in block: Block, _ variables: Variables, _ tree: Tree) {
    var inner = variables
    checkHidden(block.statements, around: &inner, isInside: true, tree)
  }
}

extension Declaration.Kind {
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
