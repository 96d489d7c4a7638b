/// Which spaces belong between the tokens of a line, by what the parser has found them to be.
struct Spacing {
  let file: SourceFile

  /// The tokens of one line with one space or none between each two.
  func text(_ tokens: some BidirectionalCollection<Token>) -> String {
    var result = ""
    var previous: Token?
    for index in tokens.indices {
      let token = tokens[index]
      if let previous, needsSpace(between: previous, token, in: tokens, index) { result += " " }
      result += file.string(token.span)
      previous = token
    }
    return result
  }

  private func needsSpace<Tokens: BidirectionalCollection<Token>>(
    between before: Token, _ token: Token, in tokens: Tokens, _ index: Tokens.Index
  ) -> Bool {
    if token.role == .attached { return false }
    switch token.word {
    case ",", ";", ")", "]", ".": return false
    case ":": return token.role == .apart
    case "}": return before.word != "{"
    case "{": return !before.isOpening
    case "..", "..<": return before.word == ","
    default: break
    }
    switch before.word {
    case "(", "[", ".", "...", "..", "..<": return false
    default: break
    }
    // Two signs side by side would be another token.
    if before.role == .sign { return token.role == .sign }
    let behind = tokens.index(after: index)
    if token.isArithmetic {
      return !isTight(token, behind < tokens.endIndex ? tokens[behind] : nil)
    }
    if before.isArithmetic { return !isTight(before, token) }
    return true
  }

  /// Whether the author has put an operator between its operands without any space.
  private func isTight(_ token: Token, _ next: Token?) -> Bool {
    guard let next else { return false }
    return !token.isApart && !next.isApart
  }
}

extension Token {
  /// Whether it is an operator that may stand tight on both sides, as the author likes.
  fileprivate var isArithmetic: Bool { role == .plain && Self.arithmetic.contains(word) }

  private static let arithmetic: [Word] = ["+", "-", "*", "/", "^", "@", "%"]

  fileprivate var isOpening: Bool { word == "(" || word == "[" }

  /// Whether anything stands between the token before and this one.
  fileprivate var isApart: Bool { triviaStart < span.start }
}
