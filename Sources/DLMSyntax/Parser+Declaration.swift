// Declarations at the top of a file.
extension Parser {
  /// `declaration = use | data | dims | layer | fn | optimizer | schedule | train | test | sweep`
  mutating func parseItem() -> Item? {
    let start = token.span.start
    let triviaStart = token.triviaStart
    let before = position
    if at(.name), let kind = parseDeclaration() {
      let declaration = Declaration(
        kind: kind, span: span(from: start), file: tree.file, triviaStart: triviaStart)
      finishStatement(before)
      return .declaration(declaration)
    }
    if at("}") || at(")") || at("]") {
      fail(.expected("a declaration or a statement", in: "a file", found(), label()))
      advance()
      return nil
    }
    let statement = parseStatement()
    finishStatement(before)
    return .statement(statement)
  }

  private mutating func parseDeclaration() -> Declaration.Kind? {
    let next = peek()
    let isNamed = !next.startsLine && (next.kind == .name || next.kind == .capitalName)
    let isQuoted = !next.startsLine && next.kind == .string
    switch text(token) {
    case "use" where isQuoted:
      advance()
      return .use(path: parsePrimary())
    case "use" where isNamed:
      advance()
      fail(.expectedQuotes("the name of a file", "use \"\(text(token)).dlm\"", label()))
      return .use(path: parseExpression())
    case "from" where isNamed:
      fail(.otherLanguage("from", instead: "use \"file.dlm\"", label(), replaces: false))
      while !at(.endOfFile), !peek().startsLine { advance() }
      advance()
      return .use(path: tree.add(.invalid, token.span))
    case "test" where !next.startsLine && matches(next, "{"):
      advance()
      fail(.expectedQuotes("the name of the test", "test \"name\" { ... }", label()))
      return .test(name: tree.add(.invalid, token.span), parseBlock("a test"))
    case "data" where isNamed: return parseData()
    case "dim" where isNamed: return .dim(parseDims())
    case "layer" where isNamed: return parseLayer()
    case "fn" where isNamed, "loss" where isNamed: return parseFunction()
    case "optimizer" where isNamed: return parseOptimizer()
    case "schedule" where isNamed: return parseSchedule()
    case "train" where isNamed: return parseTrain()
    case "test" where isQuoted:
      advance()
      let name = parsePrimary()
      return .test(name: name, parseBlock("a test"))
    case "sweep" where isNamed: return parseSweep()
    default: return nil
    }
  }

  /// `use = "use" same string`
  /// `data = "data" same name "=" expression`
  private mutating func parseData() -> Declaration.Kind {
    advance()
    let name = expectName("`data`")
    expect("=", in: "`data`")
    return .data(name, parseExpression())
  }

  /// `layer = "layer" same capital [ statics ] inputs [ "->" type ] [ conditions ] block`
  /// `statics = "(" [ parameter { "," parameter } [ "," ] ] ")"`
  /// `inputs = "(" [ parameter { "," parameter } [ "," ] ] ")"`
  private mutating func parseLayer() -> Declaration.Kind {
    advance()
    if at(.name) {
      let capital = text(token).prefix(1).uppercased() + text(token).dropFirst()
      fail(.smallLayer(text(token), capital, label()))
    }
    let name = expectName("a layer")
    var groups = [parseParameters("the parameters of a layer")]
    if at("(") { groups.append(parseParameters("the inputs of a layer")) }
    let result = parseResult()
    let conditions = parseConditions()
    let body = parseBlock("a layer")
    return .layer(
      LayerDeclaration(
        name: name, statics: groups.count == 2 ? groups[0] : [], inputs: groups[groups.count - 1],
        result: result, conditions: conditions, body: body))
  }

  /// `[ "->" type ]`; a type without its arrow, or behind a colon, is read as one.
  private mutating func parseResult() -> TypeNode? {
    if accept("->") { return parseType() }
    if at(":"), peek().kind == .name, !matches(peek(), "if") {
      fail(.otherLanguage(":", instead: "->", label(), replaces: true))
      advance()
      return parseType()
    }
    guard Parser.kinds.contains(text(token)), matches(peek(), "[") else { return nil }
    failExpecting("`->`", in: "a declaration")
    return parseType()
  }

  private static let kinds: Set = ["real", "logit", "prob", "logprob", "int", "bool"]

  private mutating func parseParameters(_ context: String) -> [Parameter] {
    expect("(", as: .attached, in: context)
    return parseList(until: ")", in: context) { $0.parseParameter() }
  }

  /// `fn = ( "fn" | "loss" ) same name inputs [ "->" type ] [ conditions ] block [ "grad" "(" [ name { "," name } [ "," ] ] ")" block ]`
  private mutating func parseFunction() -> Declaration.Kind {
    let isLoss = text(advance()) == "loss"
    if at(.capitalName) {
      let small = text(token).prefix(1).lowercased() + text(token).dropFirst()
      fail(.capitalFunction(text(token), small, label()))
    }
    let name = expectName("a function")
    let parameters = parseParameters("the parameters of a function")
    let result = parseResult()
    let conditions = parseConditions()
    let body = parseBlock("a function")
    var gradient: (names: [Name], body: Block)?
    if at("grad"), matches(peek(), "(") {
      advance()
      advance()
      let names = parseList(until: ")", in: "`grad`") { $0.expectName("`grad`") }
      gradient = (names, parseBlock("`grad`"))
    }
    return .function(
      FunctionDeclaration(
        name: name, isLoss: isLoss, parameters: parameters, result: result,
        conditions: conditions, body: body, gradient: gradient))
  }

  /// `optimizer = "optimizer" same name statics "for" ( "all" name "," name [ "," name ] | name "," name ) [ conditions ] block`
  private mutating func parseOptimizer() -> Declaration.Kind {
    advance()
    let name = expectName("an optimizer")
    let statics = parseParameters("the parameters of an optimizer")
    expect("for", in: "an optimizer")
    let isForAll = !matches(peek(), ",") && accept("all")
    let parameter = expectName("an optimizer")
    expect(",", in: "an optimizer")
    let gradient = expectName("an optimizer")
    let objective = isForAll && accept(",") ? expectName("an optimizer") : nil
    return .optimizer(
      OptimizerDeclaration(
        name: name, statics: statics, isForAll: isForAll, parameter: parameter,
        gradient: gradient, objective: objective, conditions: parseConditions(),
        body: parseBlock("an optimizer")))
  }

  /// `schedule = "schedule" same name statics "at" name block`
  private mutating func parseSchedule() -> Declaration.Kind {
    advance()
    let name = expectName("a schedule")
    let statics = parseParameters("the parameters of a schedule")
    expect("at", in: "a schedule")
    let clock = expectName("a schedule")
    return .schedule(
      ScheduleDeclaration(
        name: name, statics: statics, clock: clock, body: parseBlock("a schedule")))
  }

  /// `test = "test" same string block`
  /// `sweep = "sweep" same name "in" expression { "," name "in" expression } block`
  private mutating func parseSweep() -> Declaration.Kind {
    advance()
    var axes: [(name: Name, values: ExpressionID)] = []
    repeat {
      let name = expectName("`sweep`")
      expect("in", in: "`sweep`")
      axes.append((name, parseExpression()))
    } while accept(",")
    return .sweep(axes, parseBlock("`sweep`"))
  }
}
