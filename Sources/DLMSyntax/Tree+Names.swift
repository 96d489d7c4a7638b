// Which names a piece of a tree uses, whatever they stand for.
extension Tree {
  /// Names that `block` reads, in its expressions and types; names that it only defines or sets are not
  /// among them.
  package func names(in block: Block) -> Set<String> { names { $0.add(block) } }

  /// Adds the names that a statement reads to `names`.
  package func addNames(in statement: Statement, to names: inout Set<String>) {
    add(to: &names) { $0.add(statement) }
  }

  package func addNames(in item: Item, to names: inout Set<String>) {
    add(to: &names) { $0.add(item) }
  }

  package func names(in id: ExpressionID) -> Set<String> { names { $0.add(id) } }

  package func names(in type: TypeNode) -> Set<String> { names { $0.add(type) } }

  package func names(in clause: Clause) -> Set<String> { names { $0.add(clause) } }

  /// The updates of a training, wherever they stand in it.
  package func minimizes(in train: TrainDeclaration) -> [Minimize] {
    var found: [Minimize] = []
    let walker = TreeWalker(tree: self, onMinimize: { found.append($0) })
    for clause in train.clauses { walker.add(clause) }
    return found
  }

  /// Whether a training changes what layers keep.
  package func updates(in train: TrainDeclaration) -> Bool {
    var found = !minimizes(in: train).isEmpty
    let walker = TreeWalker(
      tree: self, onStatement: { if case .update = $0.kind { found = true } })
    for clause in train.clauses {
      if case .update = clause.kind { found = true }
      walker.add(clause)
    }
    return found
  }

  private func names(_ walk: (TreeWalker) -> Void) -> Set<String> {
    var names: Set<String> = []
    add(to: &names, walk)
    return names
  }

  private func add(to names: inout Set<String>, _ walk: (TreeWalker) -> Void) {
    var found: [String] = []
    walk(
      TreeWalker(
        tree: self,
        onExpression: { if case .name(let name) = $0 { found.append(name) } },
        onStatement: { statement in
          guard case .bind(let bindings, _) = statement.kind else { return }
          for binding in bindings {
            if let rename = binding.rename { found.append(rename.text) }
          }
        }, visitsAssignedNames: false))
    names.formUnion(found)
  }
}

// In what a program asks for gradients.
extension Tree {
  /// The names behind `wrt:`; `nil` where it may be any value: where something else stands there, where
  /// the number comes from outside the function around, where another file may ask too, and where
  /// `graph` draws all that lies behind a number.
  package var gradientNames: Set<String>? {
    guard !items.contains(where: \.mayLookBack) else { return nil }
    let parameters = parameterNames
    var names: Set<String> = []
    for id in expressionIDs {
      guard case .call(_, let arguments) = self[id],
        let target = arguments.first(where: { $0.label?.text == "wrt" })?.value
      else { continue }
      // Behind a pipe the number is not among the arguments.
      guard let number = arguments.first, number.label == nil else { return nil }
      if case .name(let name) = self[number.value], parameters.contains(name) { return nil }
      let targets: [ExpressionID] =
        switch self[target] {
        case .list(let items), .tuple(let items): items
        default: [target]
        }
      for target in targets {
        guard case .name(let name) = self[target] else { return nil }
        names.insert(name)
      }
    }
    return names
  }

  /// Of functions and layers, with or without names.
  private var parameterNames: Set<String> {
    var names: Set<String> = []
    for case .declaration(let declaration) in items {
      switch declaration.kind {
      case .function(let function): names.formUnion(function.parameters.map(\.name.text))
      case .layer(let layer): names.formUnion(layer.inputs.map(\.name.text))
      default: break
      }
    }
    for id in expressionIDs {
      if case .function(let parameters, _, _) = self[id] {
        names.formUnion(parameters.map(\.name.text))
      }
    }
    return names
  }
}

extension Item {
  /// Whether it brings in another file or draws a graph.
  fileprivate var mayLookBack: Bool {
    switch self {
    case .declaration(let declaration): if case .use = declaration.kind { true } else { false }
    case .statement(let statement): statement.kind.drawsGraph
    }
  }
}

extension Statement.Kind {
  fileprivate var drawsGraph: Bool {
    switch self {
    case .writes(let word, _, _): word.text == "graph"
    case .ifElse(let choice):
      choice.then.drawsGraph || choice.otherwise?.drawsGraph ?? false
    case .forIn(_, _, let body), .repeatLoop(_, _, let body), .whileLoop(_, let body):
      body.drawsGraph
    default: false
    }
  }
}

extension Block {
  fileprivate var drawsGraph: Bool { statements.contains { $0.kind.drawsGraph } }
}

extension Declaration.Kind {
  /// What it declares by one name.
  package var name: Name? {
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

  /// The name of what is documented; data, dims and trainings are not.
  package var declaredName: String? {
    switch self {
    case .layer(let layer): layer.name.text
    case .function(let function): function.name.text
    case .optimizer(let optimizer): optimizer.name.text
    case .schedule(let schedule): schedule.name.text
    case .use, .data, .dim, .train, .test, .sweep: nil
    }
  }
}
