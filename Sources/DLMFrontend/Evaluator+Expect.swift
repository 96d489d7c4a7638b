import DLMSyntax

// `expect a == b`
extension Evaluator {
  /// Ends the walk where a condition does not hold, with what its sides are.
  func expect(_ id: ExpressionID, _ frame: inout Frame) throws {
    let draws = drawCounts
    let given = try value(id, &frame)
    try refuseOpenNumbers(given, in: "`expect`", frame.label(id))
    guard try truth(of: given, at: id, frame) == false else { return }
    // The sides draw what the condition has drawn.
    drawCounts = draws
    let sides = try compared(id, in: frame.tree).compactMap { side -> String? in
      guard !frame.tree.isLiteral(side) else { return nil }
      let value = try value(side, &frame).normal(frame.facts)
      return try printed(value, digits: nil).map { "\(frame.tree.text(side)) is \($0)" }
    }
    throw Failure(.expectationFails(frame.tree.text(id), sides, frame.label(id)))
  }

  /// The sides of the comparisons that a condition is made of.
  private func compared(_ id: ExpressionID, in tree: Tree) -> [ExpressionID] {
    switch tree[id] {
    case .unary(.not, let operand): compared(operand, in: tree)
    case .chain(let first, let rest):
      rest.allSatisfy { $0.operation == .and || $0.operation == .or }
        ? ([first] + rest.map(\.operand)).flatMap { compared($0, in: tree) }
        : rest.contains { $0.operation.isComparison } ? [first] + rest.map(\.operand) : []
    default: []
    }
  }
}

extension BinaryOperator {
  fileprivate var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearly: true
    case .or, .and, .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .matmul, .power:
      false
    }
  }
}

extension Tree {
  /// Whether the text itself says what an expression is.
  fileprivate func isLiteral(_ id: ExpressionID) -> Bool {
    switch self[id] {
    case .integer, .real: true
    case .string(let parts): parts.allSatisfy { if case .text = $0 { true } else { false } }
    case .unary(_, let operand): isLiteral(operand)
    case .list(let items), .tuple(let items): items.allSatisfy { isLiteral($0) }
    default: false
    }
  }
}
