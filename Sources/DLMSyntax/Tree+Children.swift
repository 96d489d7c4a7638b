extension Tree {
  /// Expressions directly inside another, in the order of the text; those in types and blocks are not
  /// among them.
  package func children(of id: ExpressionID) -> [ExpressionID] {
    switch self[id] {
    case .string(let parts):
      parts.compactMap { if case .value(let id, _) = $0 { id } else { nil } }
    case .list(let items), .tuple(let items), .pipe(let items), .allBut(let items),
      .group(let items):
      items
    case .record(let fields): fields.map(\.value)
    case .call(let callee, let arguments): [callee] + arguments.map(\.value)
    case .bracket(let base, let items): [base] + items
    case .field(let base, _), .unary(_, let base), .fixed(let base): [base]
    case .chain(let first, let rest): [first] + rest.map(\.operand)
    case .conditional(let a, let b, let c): [a, b, c]
    case .ifElse(let choice): (choice.subject.map { [$0] } ?? []) + [choice.condition]
    case .range(let a, let b, _), .like(let a, let b), .along(let a, let b),
      .rearrangement(let a, let b):
      [a, b]
    case .pack(let inner): inner.map { [$0] } ?? []
    case .function, .name, .integer, .real, .rest, .hole, .invalid: []
    }
  }
}
