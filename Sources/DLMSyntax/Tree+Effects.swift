// What a piece of a tree does besides giving a value.
extension Tree {
  /// Whether walking `block` may do more than give a value.
  ///
  /// - Parameter isPure: whether a call of the function of a name does nothing but give a value.
  package func hasEffects(_ block: Block, isPure: (String) -> Bool) -> Bool {
    let own = Set(boundNames(in: block))
    return hasEffects(own: own, isPure: isPure) { $0.add(block) }
  }

  package func hasEffects(_ id: ExpressionID, isPure: (String) -> Bool) -> Bool {
    hasEffects(own: [], isPure: isPure) { $0.add(id) }
  }

  private func hasEffects(
    own: Set<String>, isPure: (String) -> Bool, _ walk: (TreeWalker) -> Void
  ) -> Bool {
    withoutActuallyEscaping(isPure) { isPure in
      var found = false
      walk(
        TreeWalker(
          tree: self,
          onExpression: { expression in
            switch expression {
            case .call(let callee, _):
              if case .name(let name) = self[callee], isPure(name) { break }
              found = true
            case .pipe(let stages):
              for case .name(let name) in stages.dropFirst().map({ self[$0] }) where !isPure(name) {
                found = true
              }
            default: break
            }
          },
          onStatement: { statement in
            switch statement.kind {
            case .bind, .expression, .ifElse, .forIn, .whileLoop, .repeatLoop, .scan, .returns,
              .when, .dim, .emit:
              break
            case .assign(let place, _, _):
              if case .name(let name) = self[place], own.contains(name) { break }
              found = true
            default: found = true
            }
          }))
      return found
    }
  }

  /// Names that `block`, and what is inside it, binds.
  private func boundNames(in block: Block) -> [String] {
    var names: [String] = []
    TreeWalker(
      tree: self,
      onStatement: { statement in
        guard case .bind(let bindings, _) = statement.kind else { return }
        for case .name(let name) in bindings.map(\.pattern) { names.append(name.text) }
      }
    ).add(block)
    return names
  }

  /// Names that are called, as often as they are: in calls, and as stages of pipes.
  package func calledNames(in clause: Clause) -> [String] { calledNames { $0.add(clause) } }

  package func calledNames(in id: ExpressionID) -> [String] { calledNames { $0.add(id) } }

  private func calledNames(_ walk: (TreeWalker) -> Void) -> [String] {
    var names: [String] = []
    walk(
      TreeWalker(
        tree: self,
        onExpression: { expression in
          switch expression {
          case .call(let callee, _):
            if case .name(let name) = self[callee] { names.append(name) }
          case .pipe(let stages):
            for case .name(let name) in stages.dropFirst().map({ self[$0] }) { names.append(name) }
          default: break
          }
        }))
    return names
  }

  /// Whether a statement or a parameter somewhere in the file binds `name`.
  package func binds(_ name: String) -> Bool {
    var found = false
    let walker = TreeWalker(
      tree: self,
      onExpression: { expression in
        if case .function(let parameters, _, _) = expression {
          found = found || parameters.contains { $0.name.text == name }
        }
      },
      onStatement: { statement in
        guard case .bind(let bindings, _) = statement.kind else { return }
        for case .name(let own) in bindings.map(\.pattern) where own.text == name { found = true }
      })
    for item in items {
      walker.add(item)
      guard case .declaration(let declaration) = item else { continue }
      switch declaration.kind {
      case .layer(let layer):
        found = found || (layer.statics + layer.inputs).contains { $0.name.text == name }
      case .function(let function):
        found = found || function.parameters.contains { $0.name.text == name }
      default: break
      }
    }
    return found
  }

  /// Whether it is a number, or of one number in all its places.
  package func isConstant(_ id: ExpressionID) -> Bool {
    switch self[id] {
    case .integer, .real: true
    case .like(let maker, _): ["zeros", "ones"].contains(text(maker))
    case .bracket(let maker, _): ["zeros", "ones"].contains(text(maker))
    default: false
    }
  }

  /// Whether `name` is a variable somewhere in the file.
  package func hasVariable(_ name: String) -> Bool { binds(name, asVariable: true) }

  /// Whether a `let` of the file, or a `var`, binds `name`.
  package func binds(_ name: String, asVariable wanted: Bool) -> Bool {
    var found = false
    let walker = TreeWalker(
      tree: self,
      onStatement: { statement in
        guard case .bind(let bindings, wanted) = statement.kind else { return }
        for binding in bindings where binding.pattern.binds(name) { found = true }
      })
    for item in items { walker.add(item) }
    return found
  }
}

extension Pattern {
  fileprivate func binds(_ name: String) -> Bool {
    switch self {
    case .name(let own): own.text == name
    case .tuple(let parts, _): parts.contains { $0.binds(name) }
    }
  }
}
