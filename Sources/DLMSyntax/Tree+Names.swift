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

extension Declaration.Kind {
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
