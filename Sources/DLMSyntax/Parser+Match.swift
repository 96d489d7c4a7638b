// `match`: a choice among values, read as the chain of `if` and `else if` that it stands for.
extension Parser {
  /// `matching = "match" expression "{" case { case } [ "_" block ] "}"`
  mutating func parseMatch() -> If? {
    nested(otherwise: nil) { parser in
      parser.advance()
      let subject = parser.parseExpression()
      parser.expect("{", in: "`match`")
      let outside = parser.openBrackets
      parser.openBrackets = 0
      var cases: [Case] = []
      var rest: Block?
      var before: Int
      repeat {
        before = parser.position
        if rest != nil, !cases.isEmpty {
          parser.fail(
            .expected("`}`", in: "`match` behind `_`", parser.found(), parser.label()))
        }
        if parser.at("else") {
          parser.fail(.otherLanguage("else", instead: "_", parser.label(), replaces: true))
        }
        if cases.isEmpty, parser.at("_"), parser.matches(parser.peek(), "{") {
          parser.failExpecting("a case", in: "`match`")
        }
        if parser.at("_") && parser.matches(parser.peek(), "{")
          || parser.at("else") && !cases.isEmpty
        {
          let start = parser.advance().span.start
          rest = parser.parseBlock("`match`")
          rest?.span.start = start
        } else {
          cases.append(parser.parseCase())
        }
        while parser.accept(";") {}
      } while !parser.at("}") && !parser.at(.endOfFile) && parser.position > before
      parser.openBrackets = outside
      parser.expect("}", in: "`match`")
      return parser.choice(among: cases, rest).map { choice in
        var choice = choice
        choice.subject = subject
        return choice
      }
    }
  }

  private struct Case {
    var condition: ExpressionID
    var body: Block
    var span: Span
  }

  /// `case = range { "," range } block`
  private mutating func parseCase() -> Case {
    let start = token.span.start
    var condition = parseAlternative()
    while accept(",") {
      let other = parseAlternative()
      condition = add(.chain(condition, [(.or, other)]), from: start)
    }
    let body = parseBlock("`match`")
    return Case(condition: condition, body: body, span: span(from: start))
  }

  /// What is asked of the value: to be the one that is written, or to lie in a range.
  private mutating func parseAlternative() -> ExpressionID {
    let start = token.span.start
    // It is no text of the program, and shown nowhere.
    let subject = tree.add(.name(If.subjectName), Span(start, start))
    let pattern = parseRange()
    guard case .range(let low, let high, let includesEnd) = tree[pattern] else {
      return add(.chain(subject, [(.equal, pattern)]), from: start)
    }
    let isAbove = add(.chain(subject, [(.greaterEqual, low)]), from: start)
    let isBelow = add(
      .chain(subject, [(includesEnd ? .lessEqual : .less, high)]), from: start)
    return add(.chain(isAbove, [(.and, isBelow)]), from: start)
  }

  private func choice(among cases: [Case], _ rest: Block?) -> If? {
    cases.reversed().reduce(nil as (choice: If, span: Span)?) { behind, one in
      var otherwise = rest
      if let behind {
        let statement = Statement(kind: .ifElse(behind.choice), span: behind.span)
        otherwise = Block(statements: [statement], span: behind.span)
      }
      return (
        If(condition: one.condition, then: one.body, otherwise: otherwise, isCase: true), one.span
      )
    }?.choice
  }
}
