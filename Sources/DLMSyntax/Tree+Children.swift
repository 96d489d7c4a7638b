extension Tree {
  /// Expressions directly inside another, in the order of the text; those in types and blocks are not
  /// among them.
  package func children(of id: ExpressionID) -> [ExpressionID] {
    var children: [ExpressionID] = []
    self[id].forEachChild { children.append($0) }
    return children
  }
}

extension Expression {
  /// Visits what `Tree.children` gives, without an array for it.
  func forEachChild(_ visit: (ExpressionID) -> Void) {
    switch self {
    case .string(let parts):
      for case .value(let id, _) in parts { visit(id) }
    case .list(let items), .tuple(let items), .pipe(let items), .allBut(let items),
      .group(let items):
      items.forEach(visit)
    case .record(let fields):
      for field in fields { visit(field.value) }
    case .call(let callee, let arguments):
      visit(callee)
      for argument in arguments { visit(argument.value) }
    case .bracket(let base, let items):
      visit(base)
      items.forEach(visit)
    case .field(let base, _), .unary(_, let base), .fixed(let base): visit(base)
    case .chain(let first, let rest):
      visit(first)
      for (_, operand) in rest { visit(operand) }
    case .conditional(let a, let b, let c):
      visit(a)
      visit(b)
      visit(c)
    case .ifElse(let choice):
      if let subject = choice.subject { visit(subject) }
      visit(choice.condition)
    case .range(let a, let b, _), .like(let a, let b), .along(let a, let b),
      .rearrangement(let a, let b):
      visit(a)
      visit(b)
    case .pack(let inner): if let inner { visit(inner) }
    case .function, .name, .integer, .real, .rest, .hole, .invalid: break
    }
  }
}
