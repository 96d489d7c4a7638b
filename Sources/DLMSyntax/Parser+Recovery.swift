// Errors: told once, gone past, and never by way of the stack's end.
extension Parser {
  /// Tells a mistake, unless it is only what another did to the words behind it.
  @inline(never)
  mutating func fail(_ diagnostic: Diagnostic) {
    if at(.endOfFile) { isIncomplete = true }
    let isNews = token.span.start >= silentUntil
    silentUntil = at(.endOfFile) ? Int.max : peek().span.start + 1
    if isNews { diagnostics.append(diagnostic) }
  }

  @inline(never)
  mutating func failExpected(_ what: String, in context: String) {
    fail(.expected(what, in: context, found(), label()))
  }

  /// The token is another language's; `replaces` if `instead` can stand in its place.
  @inline(never)
  mutating func failForeign(_ instead: String, replaces: Bool) {
    fail(.otherLanguage(text(token), instead: instead, label(), replaces: replaces))
  }

  @inline(never)
  mutating func failComparisonChain() { fail(.comparisonChain(label())) }

  /// `&&` or `||`, told and then read as what is meant.
  @inline(never)
  mutating func foreignOperator() -> BinaryOperator {
    let instead: BinaryOperator = at("&&") ? .and : .or
    failForeign(instead.rawValue, replaces: true)
    return instead
  }

  /// Goes one level deeper, unless that is too deep; the only place that limits nesting.
  mutating func descend() -> Bool {
    guard depth < Parser.nestingLimit, stackUse() < Parser.stackLimit else { return false }
    depth += 1
    return true
  }

  mutating func ascend() { depth -= 1 }

  /// Tells that this is nested too deeply, and skips it.
  @inline(never)
  mutating func refuse() -> ExpressionID {
    let start = token.span.start
    fail(.nestedTooDeeply(label()))
    isRefused = true
    var open = 0
    while !at(.endOfFile), open > 0 || !(isCloser || endsStatement) {
      if isOpener { open += 1 } else if isCloser { open -= 1 }
      advance()
    }
    silentUntil = token.span.start + 1
    return add(.invalid, from: start)
  }

  /// Skips to where a statement can begin: the next line, or behind what the error opened.
  mutating func recover() {
    openBrackets = 0
    var open = 0
    repeat {
      if isOpener { open += 1 } else if isCloser, open > 0 { open -= 1 }
      advance()
    } while !at(.endOfFile) && !beginsDeclaration && (open > 0 || !(token.startsLine || at("}")))
  }

  /// After a mistake in an item, skips to the comma before the next. Stays where it is if the bracket's
  /// end comes first, or what may be another statement.
  mutating func skipToItem(before close: String) -> Bool {
    guard !at(close) else { return false }
    failExpected("`\(close)`", in: "brackets")
    var ahead = 0
    var open = 0
    while peek(ahead).kind != .endOfFile, !(peek(ahead).startsLine && open == 0) {
      let next = peek(ahead)
      if open == 0, matches(next, ",") || matches(next, close) {
        for _ in 0..<ahead { advance() }
        return accept(",")
      }
      if isOpener(next) { open += 1 }
      if isCloser(next) { open -= 1 }
      if open < 0 || matches(next, "{") { return false }
      ahead += 1
    }
    return false
  }

  /// Whether a line begins that can only be a declaration. A block that is still open there has lost
  /// its brace.
  var beginsDeclaration: Bool {
    guard at(.name), token.startsLine, !peek().startsLine else { return false }
    switch peek().kind {
    case .name, .capitalName: return Parser.declarationWords.contains(text(token))
    case .string: return at("use") || at("test")
    case .integer, .real, .symbol, .endOfFile, .invalid: return false
    }
  }

  private static let declarationWords = [
    "layer", "fn", "loss", "data", "optimizer", "schedule", "train", "sweep",
  ]

  private var isOpener: Bool { isOpener(token) }

  private var isCloser: Bool { isCloser(token) }

  private func isOpener(_ token: Token) -> Bool {
    matches(token, "(") || matches(token, "[") || matches(token, "{")
  }

  private func isCloser(_ token: Token) -> Bool {
    matches(token, ")") || matches(token, "]") || matches(token, "}")
  }

  /// How many bytes of the stack lie between here and the start of reading.
  private func stackUse() -> UInt {
    let here = Parser.stackAddress()
    return stackStart > here ? stackStart - here : here - stackStart
  }

  static func stackAddress() -> UInt {
    var marker = 0
    return withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
