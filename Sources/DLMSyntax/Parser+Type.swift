// Types, parameters and conditions.
extension Parser {
  /// `type = ( ( "index" [ "(" expression ")" ] | kind ) [ same "[" [ element { "," element } [ "," ] ] "]" ] | "(" [ type { "," type } [ "," ] ] ")" | "[" type "]" ) { "?" }`
  mutating func parseType() -> TypeNode {
    let start = token.span.start
    let invalid = invalidType()
    var type = nested(otherwise: invalid) { $0.parseTypeWithoutOption() }
    var links = 0
    while at("?"), !refusesLink(&links) {
      advance(as: .attached)
      type = .optional(type, span(from: start))
    }
    return type
  }

  /// `kind = name | "fn"`
  private mutating func parseTypeWithoutOption() -> TypeNode {
    let start = token.span.start
    if accept("(") {
      let types = parseList(until: ")", in: "a type") { $0.parseType() }
      return .tuple(types, span(from: start))
    }
    if accept("[") {
      let element = bracketed { $0.parseType() }
      expect("]", in: "the type of a list")
      return .list(element, span(from: start))
    }
    let kind =
      at("fn") ? Name(text: "fn", span: advance().span) : expectName("a type")
    if !kind.text.isEmpty { tree.add(typeWord: kind) }
    var argument: ExpressionID?
    if kind.text == "index", accept("(", as: .attached) {
      argument = bracketed { $0.parseExpression() }
      expect(")", in: "`index`")
    }
    var dims: [ExpressionID] = []
    if at("("), token.span.start == kind.span.end, !kind.text.isEmpty {
      failExpecting("`[`", in: "the dims of a type")
      advance()
      dims = parseList(until: ")", in: "the dims of a type") { $0.parseElement() }
    }
    if at("["), !endsStatement {
      advance(as: .attached)
      dims = parseList(until: "]", in: "the dims of a type") { $0.parseElement() }
    }
    return .tensor(kind: kind, argument: argument, dims: dims, span(from: start))
  }

  private func invalidType() -> TypeNode {
    .tensor(
      kind: Name(text: "", span: token.span), argument: nil, dims: [],
      Span(token.span.start, token.span.start))
  }

  /// `parameter = name [ ":" type ] [ "=" expression ]`
  mutating func parseParameter() -> Parameter {
    let name = expectName("the parameters")
    let type = accept(":") ? parseType() : nil
    let standard = accept("=") ? parseExpression() : nil
    return Parameter(name: name, type: type, standard: standard)
  }

  /// `conditions = "where" condition { "," condition }`
  mutating func parseConditions() -> [Condition] {
    guard accept("where") else { return [] }
    var conditions: [Condition] = []
    repeat { conditions.append(bracketed { $0.parseCondition() }) } while accept(",")
    return conditions
  }

  /// `condition = expression [ ":" string ]`
  private mutating func parseCondition() -> Condition {
    let expression = parseExpression()
    var message: [StringPart]?
    if accept(":", as: .apart) {
      if at(.string) {
        message = parseStringParts()
      } else {
        fail(.expected("a string", in: "the message of a condition", found(), label()))
      }
    }
    return Condition(expression: expression, message: message)
  }
}
