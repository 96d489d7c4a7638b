/// Which spaces belong between the tokens of a line.
struct Spacing {
  private let file: SourceFile

  init(_ file: SourceFile) { self.file = file }

  /// The tokens of one line with one space or none between each two.
  func text(_ tokens: [Token]) -> String {
    var result = ""
    for (index, token) in tokens.enumerated() {
      if index > 0, needsSpace(tokens, index) { result += " " }
      result += file.string(token.span)
    }
    return result
  }

  /// Operators that may stand tight on both sides, as the author likes.
  private static let arithmetic: Set = ["+", "-", "*", "/", "^", "@", "%"]
  /// Operators with a space on both sides.
  private static let spaced: Set = [
    "|>", "->", "==", "!=", "<=", ">=", "~=", "+=", "-=", "*=", "/=", "<", ">", "=",
  ]
  /// Words behind which a sign belongs to the number.
  private static let leading: Set = [
    "print", "minimize", "return", "log", "emit", "expect", "penalize", "in", "over", "with", "by",
    "to", "like", "along", "and", "or", "not", "div", "if", "while", "repeat", "eval", "steps",
    "epochs",
  ]

  /// Words behind which a name is declared.
  private static let declaring: Set = ["layer", "fn", "loss", "optimizer", "schedule"]

  private func needsSpace(_ tokens: [Token], _ index: Int) -> Bool {
    let (before, token) = (text(tokens[index - 1]), text(tokens[index]))
    let isApart = tokens[index].triviaStart < tokens[index].span.start
    switch token {
    case ",", ";", ")", "]": return false
    case ".": return false
    case "}": return before != "{"
    case "{": return !["(", "["].contains(before)
    case "?":
      return isTernary(tokens, index)
    case ":":
      let isMessage = index + 1 < tokens.count && tokens[index + 1].kind == .string
      // The `?` of a choice may stand on an earlier line; a label is a name.
      let isLabel = tokens[index - 1].kind == .name || tokens[index - 1].kind == .capitalName
      return answersTernary(tokens, index) || ((isMessage || !isLabel) && isApart)
    case "(", "[":
      if isOpening(before) || before == "..." { return false }
      if isSign(tokens, index - 1) { return false }
      if index > 1, Self.declaring.contains(text(tokens[index - 2])) { return false }
      if isWordEnd(tokens[index - 1], before) { return isApart }
      return before != "." && !(Self.arithmetic.contains(before) && isTight(tokens, index - 1))
    default: break
    }
    if isOpening(before) || before == "." || before == "..." { return false }
    if before == "{" { return true }
    if ["..", "..<"].contains(before) { return false }
    if token == ".." || token == "..<" { return before == "," }
    if token == "..." { return !isOpening(before) }
    // Two signs side by side would be another token.
    if isSign(tokens, index - 1) { return token == "-" }
    if Self.arithmetic.contains(token), !isSign(tokens, index) { return !isTight(tokens, index) }
    if Self.arithmetic.contains(before) { return !isTight(tokens, index - 1) }
    return true
  }

  private func text(_ token: Token) -> String { file.string(token.span) }

  private func isOpening(_ text: String) -> Bool { text == "(" || text == "[" }

  /// Whether brackets behind it may belong to it.
  private func isWordEnd(_ token: Token, _ text: String) -> Bool {
    switch token.kind {
    case .name, .capitalName: true
    case .symbol: text == ")" || text == "]"
    case .integer, .real, .string, .endOfFile, .invalid: false
    }
  }

  /// Whether `-` in front of an operand is a sign, and no operator.
  private func isSign(_ tokens: [Token], _ index: Int) -> Bool {
    guard text(tokens[index]) == "-" else { return false }
    guard index > 0 else { return true }
    let before = tokens[index - 1]
    switch before.kind {
    case .integer, .real, .string: return false
    case .capitalName: return false
    case .name:
      // `print -x`: apart from the word, and tight on what follows.
      return Self.leading.contains(text(before)) && isApart(tokens, index)
        && !(index + 1 < tokens.count && isApart(tokens, index + 1))
    case .symbol: return ![")", "]", "}"].contains(text(before))
    case .endOfFile, .invalid: return false
    }
  }

  private func isApart(_ tokens: [Token], _ index: Int) -> Bool {
    tokens[index].triviaStart < tokens[index].span.start
  }

  /// Whether the author has put an operator between its operands without any space.
  private func isTight(_ tokens: [Token], _ index: Int) -> Bool {
    index + 1 < tokens.count && index > 0 && !isApart(tokens, index)
      && !isApart(tokens, index + 1)
  }

  /// Whether `:` at `index` belongs to a `?` before it on the line.
  private func answersTernary(_ tokens: [Token], _ index: Int) -> Bool {
    var depth = 0
    var answered = 0
    for place in (0..<index).reversed() {
      switch text(tokens[place]) {
      case ")", "]", "}": depth += 1
      case "(", "[", "{":
        if depth == 0 { return false }
        depth -= 1
      case ":" where depth == 0: answered += 1
      case "?" where depth == 0 && isTernary(tokens, place):
        if answered == 0 { return true }
        answered -= 1
      default: break
      }
    }
    return false
  }

  /// Whether `?` asks, as in `c ? a : b`, and does not end a type.
  private func isTernary(_ tokens: [Token], _ index: Int) -> Bool {
    guard index + 1 < tokens.count else { return isApart(tokens, index) }
    return ![")", ",", "]", "{", "}", "->", "="].contains(text(tokens[index + 1]))
  }
}
