// What stands between brackets and commas.
extension Parser {
  /// Reads what is between brackets: items with commas, a trailing one allowed.
  mutating func parseList<Element>(
    until close: String, in context: String, _ item: (inout Parser) -> Element
  ) -> [Element] {
    openBrackets += 1
    defer { openBrackets = max(0, openBrackets - 1) }
    var items: [Element] = []
    while !at(close), !at(.endOfFile) {
      let before = position
      items.append(item(&self))
      guard accept(",") || (position > before && skipToItem(before: close)) else { break }
    }
    expect(close, in: context)
    return items
  }

  /// Reads what a bracket holds where line breaks do not count.
  mutating func bracketed<Result>(_ body: (inout Parser) -> Result) -> Result {
    openBrackets += 1
    defer { openBrackets = max(0, openBrackets - 1) }
    return body(&self)
  }

  /// `argument = [ name ":" ] element [ "except" path { "," path } ]`
  mutating func parseArgument() -> Argument {
    var label: Name?
    if beginsLabel {
      label = expectName("a label")
      advance()
    }
    let value = parseElement()
    guard accept("except") else { return Argument(label: label, value: value) }
    return Argument(label: label, value: value, exceptions: parseExceptions())
  }

  private var beginsLabel: Bool {
    (at(.name) || at(.capitalName)) && matches(peek(), ":")
  }

  /// Paths up to the next label: `except bias, norm.*`.
  private mutating func parseExceptions() -> [[Name]] {
    var paths = [parsePath()]
    while at(","), peek().kind == .name, !matches(peek(2), ":") {
      advance()
      paths.append(parsePath())
    }
    return paths
  }

  /// `path = name { "." ( name | "*" ) }`
  private mutating func parsePath() -> [Name] {
    var names = [expectName("`except`")]
    while accept(".") {
      guard at("*") else {
        names.append(expectName("`except`"))
        continue
      }
      names.append(Name(text: "*", span: advance().span))
    }
    return names
  }

  /// `element = ".." | pack | "_" | "all" "but" postfix | expression [ "->" expression ]`
  mutating func parseElement() -> ExpressionID {
    if at("...") { return parsePack() }
    if at("..") || at("_"), isEndOfItem(peek()) { return parseRestOrHole() }
    if at("all"), matches(peek(), "but") { return parseAllBut() }
    let value = parseExpression()
    return at("->") ? parseRearrangement(value) : value
  }

  private func isEndOfItem(_ token: Token) -> Bool {
    [",", "]", ")"].contains { matches(token, $0) } || token.kind == .endOfFile
  }

  /// `pack = "..." [ postfix ]`
  private mutating func parsePack() -> ExpressionID {
    let start = token.span.start
    advance()
    let hasOperand = at(.name) || at(.capitalName) || at("(")
    let operand = hasOperand ? parsePostfix() : nil
    return add(.pack(operand), from: start)
  }

  private mutating func parseRestOrHole() -> ExpressionID {
    let start = token.span.start
    let isHole = text(advance()) == "_"
    return add(isHole ? .hole : .rest, from: start)
  }

  private mutating func parseAllBut() -> ExpressionID {
    let start = token.span.start
    advance()
    advance()
    let axis = parsePostfix()
    return add(.allBut([axis]), from: start)
  }

  private mutating func parseRearrangement(_ before: ExpressionID) -> ExpressionID {
    advance()
    let after = parseExpression()
    return add(.rearrangement(before, after), from: before)
  }
}
