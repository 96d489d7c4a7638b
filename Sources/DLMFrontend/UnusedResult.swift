import DLMSyntax

/// An expression that stands as a statement, so that nothing uses its value.
struct UnusedResult {
  let id: ExpressionID
  /// Whether it is the last of its block.
  let isLast: Bool
  let place: Place
  let tree: Tree
  let prelude: Prelude

  enum Place {
    case top, body, test
  }

  /// Whether it has no effect but its value: a pipe, arithmetic, or a call of a function that does nothing
  /// else. In a test only comparisons count: that a call goes through is something to try.
  var isUseless: Bool {
    if place == .test { return isComparison }
    switch tree[id] {
    case .chain, .unary, .name, .bracket, .field, .integer, .real, .list, .tuple, .record,
      .conditional, .like, .along:
      return true
    case .pipe: return place == .body
    case .call(let callee, _):
      if case .call = tree[callee] { return place == .body }
      guard case .name(let name) = tree[callee] else { return false }
      return isPure(name) && !tree.hasEffects(id) { isPure($0) }
    default: return false
    }
  }

  private var isComparison: Bool {
    guard case .chain(_, let rest) = tree[id] else { return false }
    return rest.contains { Self.comparisons.contains($0.operation) }
  }

  private static let comparisons: Set<BinaryOperator> = [
    .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearly,
  ]

  /// Whether a call of the function of this name gives a value and does nothing else.
  private func isPure(_ name: String, within callers: Set<String> = []) -> Bool {
    for case .declaration(let declaration) in tree.items {
      guard case .function(let function) = declaration.kind, function.name.text == name else {
        continue
      }
      return callers.contains(name)
        || !tree.hasEffects(function.body) { isPure($0, within: callers.union([name])) }
    }
    guard name.first?.isLowercase ?? false, name != "fail", !tree.binds(name) else { return false }
    return Builtin.names.contains(name) || prelude.scope.defines(name)
  }

  /// What to do with the value.
  var help: String {
    if isComparison {
      if place == .test { return "write `expect \(tree.text(id))`" }
      if place == .top { return "write `print` or `expect` before it" }
    }
    if case .call(_, let arguments) = tree[id], let first = arguments.first?.value,
      case .name(let changed) = tree[first]
    {
      let word = tree.hasVariable(changed) ? "" : "let "
      return
        "a function changes none of its arguments: write `\(word)\(changed) = \(tree.text(id))`"
    }
    if place == .top { return "write `print` before it, or name it with `let`" }
    return isLast
      ? "assign it to something outside the loop"
      : "name it with `let`, or go on with `|>` on the next line"
  }
}
