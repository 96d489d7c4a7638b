// The `train` block and its clauses.
extension Parser {
  static let clauseWords = [
    "batch", "epochs", "steps", "seed", "precision", "accumulate", "clip", "minimize", "update",
    "step", "every", "when", "stop", "checkpoint", "on",
  ]

  /// `train = "train" same name "on" expression "{" { clause end } "}"`
  mutating func parseTrain() -> Declaration.Kind {
    advance()
    let name = expectName("`train`")
    expect("on", in: "`train`")
    let source = parseExpression()
    let open = token
    expect("{", in: "`train`")
    let outside = openBrackets
    openBrackets = 0
    defer { openBrackets = outside }
    var clauses: [Clause] = []
    while !at("}"), !at(.endOfFile), !beginsDeclaration {
      let before = position
      let start = token.span.start
      if let kind = parseClause() {
        clauses.append(Clause(kind: kind, span: span(from: start)))
        finishStatement(before)
      } else {
        recover()
      }
    }
    closeBlock(open)
    return .train(TrainDeclaration(name: name, source: source, clauses: clauses))
  }

  /// `clause = batch | setting | precision | clip | minimize | update | "step" block | every | trigger | checkpoint | "on" "nan" block`
  /// `setting = ( "epochs" | "steps" | "seed" | "accumulate" ) expression`
  private mutating func parseClause() -> Clause.Kind? {
    let word = at(.name) ? text(token) : ""
    guard Parser.clauseWords.contains(word) else {
      fail(
        .unknownClause(
          text(token), nearest: nearest(to: text(token), among: Parser.clauseWords), label(),
          equals: matches(peek(), "=") ? peek().span : nil))
      return nil
    }
    if word == "minimize" { return .minimize(parseMinimize()) }
    if word == "update" { return .update(parseUpdate()) }
    advance()
    switch word {
    case "batch": return parseBatch()
    case "epochs": return .epochs(parseExpression())
    case "steps": return .steps(parseExpression())
    case "seed": return .seed(parseExpression())
    case "accumulate": return .accumulate(parseExpression())
    case "precision": return parsePrecision()
    case "clip":
      let kind = expectName("`clip`")
      return .clip(kind, parseExpression())
    case "step": return .step(parseBlock("`step`"))
    case "every": return parseEvery()
    case "when":
      let trigger = parseTrigger()
      return .when(trigger, parseBlock("`when`"))
    case "stop": return parseStop()
    case "checkpoint": return parseCheckpoint()
    default:
      expect("nan", in: "`on`")
      return .onNaN(parseBlock("`on nan`"))
    }
  }

  /// `batch = "batch" expression { same ( "shuffled" | "drop" "last" ) }`
  private mutating func parseBatch() -> Clause.Kind {
    let size = parseExpression()
    var shuffled = false
    var dropLast = false
    while !endsStatement {
      if accept("shuffled") {
        shuffled = true
      } else if accept("drop") {
        expect("last", in: "`batch`")
        dropLast = true
      } else {
        break
      }
    }
    return .batch(size, shuffled: shuffled, dropLast: dropLast)
  }

  /// `precision = "precision" name [ same "keep" name "for" name { "," name } ]`
  private mutating func parsePrecision() -> Clause.Kind {
    let type = expectName("`precision`")
    guard acceptSameLine("keep") else { return .precision(type, keep: nil, for: []) }
    let kept = expectName("`keep`")
    expect("for", in: "`precision`")
    var parts: [Name] = []
    repeat { parts.append(expectName("`precision`")) } while accept(",")
    return .precision(type, keep: kept, for: parts)
  }

  /// `every = "every" [ expression ] name block`
  private mutating func parseEvery() -> Clause.Kind {
    let hasCount = !matches(peek(), "{")
    let count = hasCount ? parseExpression() : nil
    let unit = expectName("`every`")
    return .every(count, unit: unit, parseBlock("`every`"))
  }

  /// `clip = "clip" name expression`
  /// `trigger = ( "when" awaited block ) | ( "stop" "when" awaited [ "," "restore" "best" ] )`
  /// `awaited = expression [ same "stalls" expression name [ same "by" expression ] ]`
  private mutating func parseTrigger() -> Trigger {
    let value = parseExpression()
    guard acceptSameLine("stalls") else { return .condition(value) }
    let count = parseExpression()
    let unit = expectName("`stalls`")
    let by = acceptSameLine("by") ? parseExpression() : nil
    return .stalls(value, count: count, unit: unit, by: by)
  }

  private mutating func parseStop() -> Clause.Kind {
    expect("when", in: "`stop`")
    let trigger = parseTrigger()
    var restoreBest = false
    if accept(",") {
      expect("restore", in: "`stop`")
      expect("best", in: "`stop`")
      restoreBest = true
    }
    return .stop(trigger, restoreBest: restoreBest)
  }

  /// `checkpoint = "checkpoint" expression [ same "every" [ expression ] name ] { "," "keep" ( "best" expression "by" expression | "last" expression ) }`
  private mutating func parseCheckpoint() -> Clause.Kind {
    var checkpoint = Checkpoint(path: parseExpression())
    if acceptSameLine("every") {
      if !at(.name) || !(matches(peek(), ",") || peek().startsLine || matches(peek(), "}")) {
        checkpoint.interval = parseExpression()
      }
      checkpoint.unit = expectName("`checkpoint`")
    }
    while accept(",") {
      expect("keep", in: "`checkpoint`")
      if accept("best") {
        let count = parseExpression()
        expect("by", in: "`keep best`")
        checkpoint.best = (count, parseExpression())
      } else {
        expect("last", in: "`keep`")
        checkpoint.last = parseExpression()
      }
    }
    return .checkpoint(checkpoint)
  }
}
