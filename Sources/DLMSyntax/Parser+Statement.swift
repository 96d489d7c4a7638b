// Statements and blocks.
extension Parser {
  /// `block = "{" { statement end } "}"`
  /// `end = { ";" } border`
  mutating func parseBlock(_ context: String) -> Block {
    let start = token.span.start
    if at(":") {
      fail(.otherLanguage(":", instead: "{ ... }", label(), replaces: false))
      advance()
      return Block(statements: [], span: span(from: start))
    }
    guard accept("{") else {
      if at("="), matches(peek(), ">") { return parseArrowBlock() }
      if at("=") {
        fail(.otherLanguage("=", instead: "==", label(), replaces: true))
      } else {
        failExpecting("`{`", in: context)
      }
      return Block(statements: [], span: span(from: start))
    }
    let open = tokens[position - 1]
    let empty = Block(statements: [], span: span(from: start))
    return nested(otherwise: empty) { parser in
      let outside = parser.openBrackets
      parser.openBrackets = 0
      defer { parser.openBrackets = outside }
      var statements: [Statement] = []
      while !parser.at("}"), !parser.at(.endOfFile), !parser.beginsDeclaration {
        let before = parser.position
        statements.append(parser.parseStatement())
        parser.finishStatement(before)
      }
      parser.openBrackets = outside
      parser.closeBlock(open)
      return Block(statements: statements, span: parser.span(from: start))
    }
  }

  /// `0 => "none",`, as other languages write what a case gives.
  private mutating func parseArrowBlock() -> Block {
    let start = token.span.start
    fail(
      .otherLanguage(
        "=>", instead: "{ ... }", Diagnostic.Label(tree.file, token.span.union(peek().span)),
        replaces: false))
    advance()
    advance()
    let value = Statement(kind: .expression(parseExpression()), span: span(from: start))
    _ = accept(",")
    return Block(statements: [value], span: span(from: start))
  }

  /// A statement ends with its line, at a `;` or before `}`.
  mutating func finishStatement(_ before: Int) {
    while accept(";") {}
    if position == before {
      recover()
    } else if !at("}"), !at(.endOfFile), !token.startsLine, !matches(tokens[position - 1], "}"),
      !matches(tokens[position - 1], ";")
    {
      fail(strayToken())
      recover()
    }
  }

  /// What to say of a token behind a whole statement.
  private func strayToken() -> Diagnostic {
    if token.kind == .invalid { return .notAToken(text(token), label()) }
    let before = tokens[position - 1]
    let word = text(before)
    let place = Diagnostic.Label(tree.file, before.span)
    if let (instead, replaces) = ForeignForms.words[word] {
      return .otherLanguage(word, instead: instead, place, replaces: replaces)
    }
    if let help = ForeignForms.needless[word] { return .needlessWord(word, help, place) }
    // A word by itself in front of another one, or of a value.
    let isFirst = before.startsLine || position < 2 || matches(tokens[position - 2], "{")
    if before.kind == .name, isFirst, let near = nearest(to: word, among: ForeignForms.statements),
      isSlip(word, of: near)
    {
      return .misspelledWord(word, near, place)
    }
    if at("="), matches(peek(), ">") {
      return .otherLanguage(
        "=>", instead: "fn (x) { x + 1 }",
        Diagnostic.Label(tree.file, token.span.union(peek().span)), replaces: false)
    }
    let line = tokens[..<position].last { $0.startsLine }
    return .statementGoesOn(
      found(), label(),
      help: ForeignForms.help(behindStatement: text(token), line: line.map { text($0) } ?? ""))
  }

  /// `statement = binding | dims | choice | matching | loop | scan | command | parameters | minimize | update | assignment`
  mutating func parseStatement() -> Statement {
    let start = token.span.start
    let kind = at(.name) ? parseWordStatement() : nil
    let statement = kind ?? parseAssignmentOrExpression()
    return Statement(kind: statement, span: span(from: start))
  }

  private static let assignments: [(Word, BinaryOperator?)] = [
    ("=", nil), ("+=", .add), ("-=", .subtract), ("*=", .multiply), ("/=", .divide),
  ]

  /// `assignment = expression [ ( "=" | "+=" | "-=" | "*=" | "/=" ) expression ]`
  private mutating func parseAssignmentOrExpression() -> Statement.Kind {
    let place = parseExpression()
    if at("++") || at("--") {
      let operation = at("++") ? "+= 1" : "-= 1"
      fail(.otherLanguage(text(token), instead: operation, label(), replaces: true))
      advance()
    }
    for (symbol, operation) in Self.assignments where at(symbol) {
      advance()
      return .assign(place, operation, parseExpression())
    }
    return .expression(place)
  }

  private static let infixes: [Word] = ["and", "or", "div", "like", "along", "as"]

  /// Whether the word at the cursor begins a statement, and is not a name that is used as one.
  func beginsStatement(evenBefore symbols: [Word] = []) -> Bool {
    let next = peek()
    if next.startsLine { return false }
    switch next.kind {
    case .capitalName, .integer, .real, .string: return true
    case .name:
      return !Self.infixes.contains { matches(next, $0) }
    case .symbol: return symbols.contains { matches(next, $0) }
    case .endOfFile, .invalid: return false
    }
  }

  private mutating func parseWordStatement() -> Statement.Kind? {
    let values: [Word] = ["(", "[", "-", "!"]
    switch text(token) {
    case "let", "var": return beginsStatement(evenBefore: ["("]) ? parseBinding() : nil
    case "dim" where beginsStatement(): return .dim(parseDims())
    case "if": return parseIf().map(Statement.Kind.ifElse)
    case "match": return parseMatch().map(Statement.Kind.ifElse)
    case "for" where beginsStatement(evenBefore: ["("]): return parseFor()
    case "while" where beginsStatement(evenBefore: values):
      advance()
      let condition = parseExpression()
      return .whileLoop(condition, parseBlock("`while`"))
    case "repeat" where beginsStatement(evenBefore: values): return parseRepeat()
    case "scan" where beginsStatement(evenBefore: ["("]): return parseScan()
    case "return": return parseReturn()
    case "print" where beginsStatement(evenBefore: values):
      advance()
      return .prints(parseExpressions())
    case "log" where beginsStatement(): return parseLog()
    case "plot", "save", "graph":
      return beginsStatement(evenBefore: ["["]) ? parseWriting() : nil
    case "param" where beginsStatement():
      advance()
      return .param(parseParams())
    case "state" where beginsStatement():
      advance()
      return .state(parseParams())
    case "penalize" where beginsStatement(evenBefore: values):
      advance()
      let penalty = parseExpression()
      return .penalize(penalty, name: acceptSameLine("as") ? expectName("`penalize`") : nil)
    case "emit" where beginsStatement(evenBefore: values):
      advance()
      return .emit(parseExpression())
    case "expect" where beginsStatement(evenBefore: values):
      advance()
      return .expect(parseExpression())
    case "when" where beginsStatement(evenBefore: ["("]): return parseWhen()
    case "minimize" where beginsStatement(evenBefore: values): return .minimize(parseMinimize())
    case "update" where beginsStatement(): return .update(parseUpdate())
    case "eval" where beginsStatement():
      advance()
      let source = parseExpression()
      return .eval(source, parseBlock("`eval`"))
    case "freeze", "unfreeze", "run": return beginsStatement() ? parseCommand() : nil
    case "halt" where matches(peek(), "}") || peek().startsLine || peek().kind == .endOfFile:
      return parseCommand()
    case "train" where beginsStatement() && matches(peek(2), "on"):
      fail(
        .onlyAtTop("train", label(), help: "passes over the data are a clause of it: `epochs 10`"))
      _ = parseTrain()
      return .expression(add(.invalid, from: token.span.start))
    case "def": return parseForeign("fn")
    case "elif": return parseForeign("else if")
    default: return nil
    }
  }

  private mutating func parseForeign(_ instead: String) -> Statement.Kind? {
    guard beginsStatement() else { return nil }
    fail(.otherLanguage(text(token), instead: instead, label(), replaces: true))
    recover()
    return .expression(add(.invalid, from: token.span.start))
  }

  /// `binding = ( "let" | "var" ) same bound { "," bound }`
  /// `bound = pattern [ ":" type ] "=" expression [ same "from" expression [ same "rename" name ] ]`
  private mutating func parseBinding() -> Statement.Kind {
    let isVariable = text(advance()) == "var"
    var bindings: [Binding] = []
    repeat {
      let pattern = parsePattern()
      let type = accept(":") ? parseType() : nil
      expect("=", in: "a binding")
      var binding = Binding(pattern: pattern, type: type, value: parseExpression())
      if acceptSameLine("from") {
        binding.source = parseExpression()
        if acceptSameLine("rename") { binding.rename = expectName("`rename`") }
      }
      bindings.append(binding)
    } while accept(",")
    return .bind(bindings, isVariable: isVariable)
  }

  /// `pattern = name | "(" [ pattern { "," pattern } [ "," ] ] ")"`
  mutating func parsePattern() -> Pattern {
    let start = token.span.start
    guard accept("(") else { return .name(expectName("a pattern")) }
    let empty = Pattern.tuple([], span(from: start))
    let parts = nested(otherwise: [empty]) { parser in
      parser.parseList(until: ")", in: "a pattern") { $0.parsePattern() }
    }
    return .tuple(parts, span(from: start))
  }

  /// `dims = "dim" same name "=" expression { "," name "=" expression }`
  mutating func parseDims() -> [(name: Name, value: ExpressionID)] {
    advance()
    var dims: [(name: Name, value: ExpressionID)] = []
    repeat {
      let name = expectName("`dim`")
      expect("=", in: "`dim`")
      dims.append((name, parseExpression()))
    } while accept(",")
    return dims
  }

  /// `loop = "for" same pattern "in" expression block | "while" same expression block | "repeat" same [ pattern "in" ] expression block`
  private mutating func parseFor() -> Statement.Kind {
    advance()
    let pattern = parsePattern()
    expect("in", in: "`for`")
    let sequence = parseExpression()
    return .forIn(pattern, sequence, parseBlock("`for`"))
  }

  private mutating func parseRepeat() -> Statement.Kind {
    advance()
    var pattern: Pattern?
    if hasPatternBeforeIn() {
      pattern = parsePattern()
      expect("in", in: "`repeat`")
    }
    let count = parseExpression()
    return .repeatLoop(pattern, count, parseBlock("`repeat`"))
  }

  /// Whether `scan name in` or `scan (a, b) in` follows.
  var beginsScan: Bool {
    peek().kind != .symbol || matches(peek(), "(") ? hasPatternBeforeIn(from: 1) : false
  }

  /// Whether `name in` or `(a, b) in` follows.
  private func hasPatternBeforeIn(from first: Int = 0) -> Bool {
    var ahead = first
    var depth = 0
    repeat {
      if matches(peek(ahead), "(") { depth += 1 }
      if matches(peek(ahead), ")") { depth -= 1 }
      ahead += 1
      // Patterns are short; a longer bracket is a count.
      if ahead > 64 || peek(ahead).kind == .endOfFile { return false }
    } while depth > 0
    return matches(peek(ahead), "in")
  }

  /// `scan = "scan" same pattern "in" expression "over" element [ "," "carry" pattern "=" expression ] block`
  mutating func parseScan() -> Statement.Kind {
    advance()
    let pattern = parsePattern()
    expect("in", in: "`scan`")
    let sequence = parseExpression()
    expect("over", in: "`scan`")
    let axis = parseElement()
    var carry: (pattern: Pattern, initial: ExpressionID)?
    if accept(",") {
      expect("carry", in: "`scan`")
      let state = parsePattern()
      expect("=", in: "`carry`")
      carry = (state, parseExpression())
    }
    let body = parseBlock("`scan`")
    return .scan(
      Scan(pattern: pattern, sequence: sequence, axis: axis, carry: carry, body: body))
  }

  private mutating func parseReturn() -> Statement.Kind? {
    guard !beginsAssignment else { return nil }
    advance()
    return .returns(endsStatement ? nil : parseExpression())
  }

  private var beginsAssignment: Bool { matches(peek(), "=") || matches(peek(), ".") }

  mutating func parseExpressions() -> [ExpressionID] {
    var values: [ExpressionID] = []
    repeat { values.append(parseExpression()) } while accept(",")
    return values
  }

  /// `command = "return" [ same expression ] | "print" same values | "log" same logged { "," logged } | writing | "penalize" same expression [ same "as" name ] | "emit" same expression | "expect" same expression | "when" same expression [ conditions ] block | "eval" same expression block | ( "freeze" | "unfreeze" | "run" ) same values | "halt"`
  /// `logged = expression [ same "as" name ]`
  /// `values = expression { "," expression }`
  private mutating func parseLog() -> Statement.Kind {
    advance()
    var logged: [(value: ExpressionID, name: Name?)] = []
    repeat {
      let value = parseExpression()
      logged.append((value, acceptSameLine("as") ? expectName("`log`") : nil))
    } while accept(",")
    return .logs(logged)
  }

  /// `writing = ( "plot" | "save" | "graph" ) same values [ same "wrt" expression ] [ same "to" expression ]`
  private mutating func parseWriting() -> Statement.Kind {
    let word = expectName("a statement")
    var values = parseExpressions()
    if acceptSameLine("wrt") { values.append(parseExpression()) }
    return .writes(word, values, to: acceptSameLine("to") ? parseExpression() : nil)
  }

  private mutating func parseCommand() -> Statement.Kind {
    let word = expectName("a statement")
    return .command(word, endsStatement ? [] : parseExpressions())
  }

  private mutating func parseWhen() -> Statement.Kind {
    advance()
    let condition = parseExpression()
    let facts = parseConditions()
    return .when(condition, facts: facts, parseBlock("`when`"))
  }

  /// `parameters = ( "param" | "state" ) same kept { "," kept }`
  /// `kept = name [ ":" type ] "=" expression [ same "if" expression ] [ same "penalize" expression ]`
  private mutating func parseParams() -> [ParamDeclaration] {
    var declarations: [ParamDeclaration] = []
    repeat {
      let name = expectName("a parameter")
      let type = accept(":") ? parseType() : nil
      expect("=", in: "a parameter")
      var declaration = ParamDeclaration(name: name, type: type, initial: parseExpression())
      if acceptSameLine("if") { declaration.condition = parseExpression() }
      if acceptSameLine("penalize") { declaration.penalty = parseExpression() }
      declarations.append(declaration)
    } while accept(",")
    return declarations
  }

  /// `minimize = "minimize" same expression "over" values "with" expression [ same "as" name ]`
  mutating func parseMinimize() -> Minimize {
    advance()
    if endsStatement { fail(.expected("an objective", in: "`minimize`", found(), label())) }
    let objective = parseExpression()
    if at(",") {
      failExpecting("`over`", in: "`minimize`")
      while accept(",") { _ = parseExpression() }
    }
    expect("over", in: "`minimize`")
    let modules = parseExpressions()
    expect("with", in: "`minimize`")
    let optimizer = parseExpression()
    let name = acceptSameLine("as") ? expectName("`as`") : nil
    return Minimize(objective: objective, modules: modules, optimizer: optimizer, name: name)
  }

  /// `update = "update" same values [ same "from" expression ] "with" expression`
  mutating func parseUpdate() -> Update {
    advance()
    if endsStatement { fail(.expected("a layer", in: "`update`", found(), label())) }
    let modules = parseExpressions()
    let source = acceptSameLine("from") ? parseExpression() : nil
    expect("with", in: "`update`")
    return Update(modules: modules, source: source, function: parseExpression())
  }
}
