import DLMSyntax

// Sweeps whose runs are all alike: found in the tree, before any walk.
extension Evaluator {
  /// Warns of axes of a sweep that its runs do not take, and of those that nothing else reads.
  func checkSwept(_ axes: [Name], _ body: Block, _ tree: Tree) {
    let used = tree.names(in: body)
    let runs = body.statements.flatMap { statement -> [ExpressionID] in
      if case .command(let word, let parts) = statement.kind, word.text == "run" {
        parts
      } else {
        []
      }
    }
    let onlyRuns = runs.count >= body.statements.count
    var read: Set<String> = []
    for item in tree.items {
      if case .declaration(let declaration) = item, case .sweep = declaration.kind { continue }
      tree.addNames(in: item, to: &read)
    }
    for axis in axes {
      let set = runs.flatMap { tree.bindings(of: $0, from: axis.text) }
      let isIdle = onlyRuns && !set.isEmpty && read.isDisjoint(with: set)
      guard !used.contains(axis.text) || isIdle else { continue }
      warn(
        .sweepsNothing(axis.text, isTaken: isIdle, Diagnostic.Label(tree.file, axis.span)))
    }
  }
}

extension Tree {
  /// What a run of a sweep sets by a value that reads `name`: `width` of `run fit(width: 2 * n)`.
  fileprivate func bindings(of run: ExpressionID, from name: String) -> [String] {
    guard case .call(_, let arguments) = self[run] else { return [] }
    return arguments.compactMap { argument in
      guard names(in: argument.value).contains(name) else { return nil }
      return argument.label?.text ?? text(argument.value)
    }
  }
}
