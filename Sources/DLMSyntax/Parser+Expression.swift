// Expressions, loosest binding first. A line break ends an expression unless a bracket is open or the
// next line begins with `|>`, `.` or an operator that cannot begin an expression (so not with `-`).
extension Parser {
  /// `expression = conditional { "|>" conditional }`
  mutating func parseExpression() -> ExpressionID {
    nestedExpression { $0.parsePipe() }
  }

  private mutating func parsePipe() -> ExpressionID {
    let start = token.span.start
    let first = parseConditional()
    guard at("|>") else { return first }
    var stages = [first]
    while accept("|>") { stages.append(parseConditional()) }
    return add(.pipe(stages), from: start)
  }

  /// `conditional = range [ "?" expression ":" conditional ]`
  private mutating func parseConditional() -> ExpressionID {
    let start = token.span.start
    let condition = parseRange()
    guard accept("?") else { return condition }
    let then = bracketed { $0.parseExpression() }
    expect(":", as: .apart, in: "a choice `condition ? a : b`")
    let otherwise = nestedExpression { $0.parseConditional() }
    return add(.conditional(condition, then, otherwise), from: start)
  }

  /// `range = disjunction [ ( ".." | "..<" ) disjunction ]`
  mutating func parseRange() -> ExpressionID {
    let start = token.span.start
    if at(".."), isEndOfItem(peek()) {
      advance()
      return add(.rest, from: start)
    }
    let low = parseBinary(0)
    if at("..."), !isEndOfItem(peek()) { fail(.threePoints(label())) }
    guard at("..") || at("..<") || at("...") else { return low }
    let sign = token
    let includesEnd = text(advance()) != "..<"
    if [",", "]", ")"].contains(where: { matches(token, $0) }) {
      fail(.openRange(Diagnostic.Label(tree.file, sign.span)))
      return add(.invalid, from: start)
    }
    let high = parseBinary(0)
    return add(.range(low, high, includesEnd: includesEnd), from: start)
  }

  private static let itemEnds: [Word] = [",", "]", ")", "{", "}", "except"]

  private func isEndOfItem(_ token: Token) -> Bool {
    Self.itemEnds.contains { matches(token, $0) } || token.kind == .endOfFile
  }

  /// Operators of each precedence, loosest first; `not` stands between `and` and the comparisons.
  private static let levels: [[BinaryOperator]] = [
    [.or], [.and],
    [.equal, .notEqual, .lessEqual, .greaterEqual, .less, .greater, .nearly],
    [.add, .subtract], [.multiply, .divide, .floorDivide, .modulo, .matmul],
  ]
  private static let comparisons = 2

  /// An operator as it is written, and how tightly it binds.
  private struct OperatorWord {
    var word: Word
    var operation: BinaryOperator
    var level: Int
    /// Whether only other languages write it so.
    var isForeign = false
  }

  private static let operatorWords: [OperatorWord] =
    levels.enumerated().flatMap { level, operations in
      operations.map { OperatorWord(word: Word($0.rawValue), operation: $0, level: level) }
    } + [
      OperatorWord(word: "||", operation: .or, level: 0, isForeign: true),
      OperatorWord(word: "&&", operation: .and, level: 1, isForeign: true),
    ]

  /// `disjunction = conjunction { "or" conjunction }`
  /// `conjunction = negation { "and" negation }`
  /// `negation = "not" negation | comparison`
  /// `comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "~=" ) sum ]`
  /// `sum = product { ( "+" | same "-" ) product }`
  /// `product = sign { ( "*" | "/" | "div" | "%" | "@" ) sign }`
  ///
  /// All in one, by climbing: an operand, then chains of operators that bind ever more loosely, down to
  /// `loosest`.
  private mutating func parseBinary(_ loosest: Int) -> ExpressionID {
    let start = token.span.start
    var value: ExpressionID
    if loosest <= Parser.comparisons, at("not") {
      advance()
      let operand = nestedExpression { $0.parseBinary(Parser.comparisons) }
      value = add(.unary(.not, operand), from: start)
    } else {
      value = parseSign()
    }
    while let level = operatorWord?.level, level >= loosest {
      value = parseChain(of: level, after: value, from: start)
    }
    return value
  }

  /// The operators of one precedence that follow an operand, each with its own.
  private mutating func parseChain(of level: Int, after first: ExpressionID, from start: Int)
    -> ExpressionID
  {
    var rest: [(operation: BinaryOperator, operand: ExpressionID)] = []
    while let found = operatorWord, found.level == level {
      if level == Parser.comparisons, !rest.isEmpty { fail(.comparisonChain(label())) }
      if found.isForeign {
        let instead = found.operation.rawValue
        fail(.otherLanguage(text(token), instead: instead, label(), replaces: true))
      }
      advance()
      rest.append((found.operation, parseBinary(level + 1)))
    }
    return add(.chain(first, rest), from: start)
  }

  /// The operator that the token is; `-` at the beginning of a line is a sign.
  private var operatorWord: OperatorWord? {
    let token = token
    guard token.kind == .symbol || token.kind == .name,
      let found = Parser.operatorWords.first(where: { $0.word == token.word })
    else { return nil }
    let isSign = found.operation == .subtract && token.startsLine && openBrackets == 0
    return isSign ? nil : found
  }

  /// `sign = "-" sign | "fixed" same sign | power`
  private mutating func parseSign() -> ExpressionID {
    let start = token.span.start
    if at("-") || at("!") {
      if at("!") { fail(.otherLanguage("!", instead: "not", label(), replaces: true)) }
      let operation: UnaryOperator = at("-") ? .minus : .not
      advance(as: .sign)
      let operand = nestedExpression { $0.parseSign() }
      return add(.unary(operation, operand), from: start)
    }
    if at("fixed"), beginsStatement() {
      advance()
      let operand = nestedExpression { $0.parseSign() }
      return add(.fixed(operand), from: start)
    }
    return parsePower()
  }

  /// `power = placed [ "^" sign ]`
  private mutating func parsePower() -> ExpressionID {
    let start = token.span.start
    let base = parsePlaced()
    if at("**") { fail(.otherLanguage("**", instead: "^", label(), replaces: true)) }
    guard at("^") || at("**") else { return base }
    advance()
    let exponent = nestedExpression { $0.parseSign() }
    return add(.chain(base, [(.power, exponent)]), from: start)
  }

  /// `placed = postfix { same "along" ( postfix | "-" sign ) | same "like" postfix }`
  private mutating func parsePlaced() -> ExpressionID {
    let start = token.span.start
    var value = parsePostfix()
    var links = 0
    while at("along") || at("like"), !endsStatement, !refusesLink(&links) {
      let isAlong = text(advance()) == "along"
      let other = isAlong && at("-") ? parseSign() : parsePostfix()
      value = add(isAlong ? .along(value, other) : .like(value, other), from: start)
    }
    return value
  }

  /// `postfix = primary { same "(" [ argument { "," argument } [ "," ] ] ")" | same "[" [ element { "," element } [ "," ] ] "]" | "." name }`
  private mutating func parsePostfix() -> ExpressionID {
    let start = token.span.start
    var value = parsePrimary()
    var links = 0
    while true {
      if at("."), !isEndOfItem(peek()), !refusesLink(&links) {
        advance()
        value = add(.field(value, expectName("a field")), from: start)
      } else if at("("), isSameLine, !refusesLink(&links) {
        advance(as: .attached)
        let arguments = parseList(until: ")", in: "a call") { $0.parseArgument() }
        value = add(.call(value, arguments), from: start)
      } else if at("["), isSameLine, !refusesLink(&links) {
        advance(as: .attached)
        let items = parseList(until: "]", in: "brackets") { $0.parseElement() }
        value = add(.bracket(value, items), from: start)
      } else {
        return value
      }
    }
  }

  private var isSameLine: Bool { openBrackets > 0 || !token.startsLine }

  /// `argument = [ name ":" ] element { "except" path { "," path } [ "at" expression ] }`
  mutating func parseArgument(allowsExceptions: Bool = true) -> Argument {
    var name: Name?
    if at(.name) || at(.capitalName), matches(peek(), ":") {
      name = expectName("a label")
      advance()
    } else if allowsExceptions, atName, matches(peek(), "="), !matches(peek(2), ">") {
      name = expectName("a label")
      let end = token.span.start - (name?.span.end ?? token.span.start)
      fail(.optionWithEquals(label(), spaces: end, isClose: peek().span.start == token.span.end))
      advance()
    }
    var argument = Argument(label: name, value: parseElement())
    while allowsExceptions, accept("except") {
      var patterns: [Name] = []
      repeat {
        patterns.append(parsePath())
      } while at(",") && hasPathBehindComma && accept(",")
      let value = accept("at") ? parseExpression() : nil
      argument.exceptions.append(Argument.Exception(patterns: patterns, value: value))
    }
    return argument
  }

  /// Whether the next item is a path and nothing else: a label or an expression is the next argument.
  private var hasPathBehindComma: Bool {
    var ahead = 1
    repeat {
      let isName = peek(ahead).kind == .name || peek(ahead).kind == .capitalName
      guard isName || (ahead > 1 && matches(peek(ahead), "*")) else { return false }
      ahead += 2
    } while matches(peek(ahead - 1), ".")
    let ends: [Word] = [",", ")", "at", "except"]
    return ends.contains { matches(peek(ahead - 1), $0) }
  }

  /// `path = name { "." ( name | "*" ) }`
  private mutating func parsePath() -> Name {
    let start = token.span.start
    _ = expectName("`except`")
    while accept(".") {
      if !accept("*", as: .attached) { _ = expectName("`except`") }
    }
    let span = span(from: start)
    return Name(text: tree.file.string(span), span: span)
  }

  /// `element = ".." | "..." [ postfix ] | "_" | "all" "but" postfix | expression [ "->" expression ]`
  mutating func parseElement() -> ExpressionID {
    let start = token.span.start
    if accept("...") {
      let operand = isEndOfItem(token) ? nil : parsePostfix()
      return add(.pack(operand), from: start)
    }
    if at("_"), isEndOfItem(peek()) {
      advance()
      return add(.hole, from: start)
    }
    if at("all"), matches(peek(), "but") {
      advance()
      advance()
      return add(.allBut([parsePostfix()]), from: start)
    }
    let value = parseExpression()
    guard accept("->") else { return value }
    return add(.rearrangement(value, parseExpression()), from: start)
  }
}
