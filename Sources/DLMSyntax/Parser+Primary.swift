// What has no operator around it.
extension Parser {
  /// `primary = integer | real | string | augmentation | name | list | tuple | choice | matching | function`
  mutating func parsePrimary() -> ExpressionID {
    let start = token.span.start
    switch token.kind {
    case .integer: return parseInteger()
    case .real:
      let word = text(advance()).filter { $0 != "_" }
      return add(.real(Double(word) ?? .infinity), from: start)
    case .string:
      return add(.string(parseStringParts()), from: start)
    case .name where at("if"):
      return parseIf().map { add(.ifElse($0), from: start) } ?? add(.invalid, from: start)
    case .name where at("match"):
      return parseMatch().map { add(.ifElse($0), from: start) } ?? add(.invalid, from: start)
    case .name where at("fn"): return parseFunctionValue()
    case .name where at("scan") && beginsScan: return parseScanAsValue()
    // `f"..."`: values stand in braces in every string.
    case .name where at("f") && isPrefixOfString:
      fail(.stringPrefix(tree.file.string(peek().span), label()))
      advance()
      return add(.string(parseStringParts()), from: start)
    // `lambda x: x + 1`, not the number that is called so.
    case .name where at("lambda") && (peek().kind == .name || matches(peek(), ":")):
      fail(.otherLanguage("lambda", instead: "fn (x) { x + 1 }", label(), replaces: false))
      return invalid()
    case .name where !atName:
      fail(.expected("a value", in: "an expression", found(), label()))
      return add(.invalid, from: start)
    case .name, .capitalName: return parseNameOrAugmentation()
    case .symbol where at("["):
      advance()
      let items = parseList(until: "]", in: "a list") { $0.parseElement() }
      return add(.list(items), from: start)
    case .symbol where at("("): return parseTuple()
    case .invalid:
      fail(.notAToken(text(token), label()))
      return invalid()
    case .symbol, .endOfFile:
      fail(.expected("a value", in: "an expression", found(), label()))
      return add(.invalid, from: start)
    }
  }

  /// Whether a string begins right behind the token.
  private var isPrefixOfString: Bool {
    peek().kind == .string && peek().span.start == token.span.end
  }

  /// `let hs = scan ... { }`: a statement where a value is wanted.
  private mutating func parseScanAsValue() -> ExpressionID {
    let start = token.span.start
    fail(.statementAsValue("scan", label()))
    _ = parseScan()
    return add(.invalid, from: start)
  }

  private mutating func invalid() -> ExpressionID {
    let start = token.span.start
    advance()
    return add(.invalid, from: start)
  }

  private mutating func parseInteger() -> ExpressionID {
    let start = token.span.start
    let word = text(token)
    guard let value = Int(word.filter { $0 != "_" }) else {
      fail(.numberTooLarge(word, label()))
      return invalid()
    }
    advance()
    return add(.integer(value), from: start)
  }

  /// `augmentation = "augment" "{" [ element { "," element } [ "," ] ] "}"`
  ///
  /// Names that other languages write with a capital get a word of advice; `augment { a, b }` is a call
  /// with a list.
  private static let otherWords = ["None": "none", "True": "true", "False": "false"]

  private mutating func parseNameOrAugmentation() -> ExpressionID {
    let start = token.span.start
    let word = text(token)
    if at(.capitalName), let instead = Parser.otherWords[word] {
      fail(.otherLanguage(word, instead: instead, label(), replaces: true))
    }
    advance()
    let name = add(.name(word), from: start)
    guard word == "augment", accept("{") else { return name }
    let stages = parseList(until: "}", in: "`augment`") { $0.parseElement() }
    let list = add(.list(stages), from: start)
    return add(.call(name, [Argument(label: nil, value: list)]), from: start)
  }

  /// `list = "[" [ element { "," element } [ "," ] ] "]"`
  /// `tuple = "(" [ element { "," element } [ "," ] ] ")" | "(" field { "," field } [ "," ] ")" | "(" member member { member } ")"`
  /// `field = name ":" element`
  /// `member = name | integer`
  private mutating func parseTuple() -> ExpressionID {
    let start = token.span.start
    advance()
    var isGroup = false
    var hasComma = false
    var isRecord: Bool?
    let arguments = parseList(until: ")", in: "parentheses") { parser -> Argument in
      var argument = parser.parseArgument(allowsExceptions: false)
      if parser.isMember(argument), parser.atMember {
        // `(heads K)`: neighbours without an operator, in a rearrangement.
        var members = [argument.value]
        while parser.atMember { members.append(parser.parsePrimary()) }
        isGroup = true
        argument = Argument(label: nil, value: parser.add(.group(members), from: start))
      }
      hasComma = hasComma || parser.at(",")
      if let isRecord, isRecord != (argument.label != nil) {
        let part = argument.label?.span ?? parser.tree.span(argument.value)
        parser.fail(.halfNamed(Diagnostic.Label(parser.tree.file, part)))
      }
      isRecord = isRecord ?? (argument.label != nil)
      return argument
    }
    if isGroup {
      if hasComma || arguments.count > 1 {
        fail(.expected("`)`", in: "a merged axis such as `(H K)`", found(), label()))
      }
      return arguments[0].value
    }
    if arguments.count == 1, arguments[0].label == nil, !hasComma {
      // Parentheses only group, but their span belongs to the expression.
      return add(tree[arguments[0].value], from: start)
    }
    let fields = arguments.compactMap { argument in argument.label.map { ($0, argument.value) } }
    if !fields.isEmpty {
      return add(.record(fields.map { (name: $0.0, value: $0.1) }), from: start)
    }
    return add(.tuple(arguments.map(\.value)), from: start)
  }

  private var atMember: Bool { atName || at(.integer) }

  private func isMember(_ argument: Argument) -> Bool {
    guard argument.label == nil else { return false }
    switch tree[argument.value] {
    case .name, .integer: return true
    default: return false
    }
  }

  /// `function = "fn" "(" [ parameter { "," parameter } [ "," ] ] ")" [ "->" type ] block`
  private mutating func parseFunctionValue() -> ExpressionID {
    let start = token.span.start
    advance()
    expect("(", in: "a function")
    let parameters = parseList(until: ")", in: "the parameters") { $0.parseParameter() }
    let result = accept("->") ? parseType() : nil
    if at("="), matches(peek(), ">") { return parseArrowBody(parameters, from: start) }
    let body = parseBlock("a function")
    return add(.function(parameters, result, body), from: start)
  }

  /// `fn (x) => x + 1`, as other languages write it: refused, with the braces as the fix.
  private mutating func parseArrowBody(_ parameters: [Parameter], from start: Int) -> ExpressionID {
    let arrow = Span(token.span.start, peek().span.end)
    let count = diagnostics.count
    fail(
      .otherLanguage(
        "=>", instead: "fn (x) { x + 1 }", Diagnostic.Label(tree.file, arrow), replaces: false))
    advance()
    advance()
    let bodyStart = token.span.start
    let value = parseExpression()
    let place = span(from: bodyStart)
    if diagnostics.count == count + 1 {
      diagnostics[count].fixes = [
        Diagnostic.Fix(
          "write `{ ... }`",
          [Diagnostic.Edit(arrow, "{"), Diagnostic.Edit(Span(place.end, place.end), " }")])
      ]
    }
    let body = Block(statements: [Statement(kind: .expression(value), span: place)], span: place)
    return add(.function(parameters, nil, body), from: start)
  }

  /// `choice = "if" [ "let" name "=" ] expression block [ "else" ( choice | block ) ]`
  mutating func parseIf() -> If? {
    nested(otherwise: nil) { parser in
      parser.advance()
      var binding: Name?
      if parser.at("let") {
        parser.advance()
        binding = parser.expectName("`if let`")
        parser.expect("=", in: "`if let`")
      }
      let condition = parser.parseExpression()
      let then = parser.parseBlock("`if`")
      var otherwise: Block?
      if parser.at("elif") {
        parser.fail(.otherLanguage("elif", instead: "else if", parser.label(), replaces: true))
      }
      if parser.at("else") || parser.at("elif") {
        let start = parser.token.span.start
        if parser.matches(parser.peek(), "if") || parser.at("elif") {
          if parser.at("else") { parser.advance() }
          let statement = parser.parseIf().map {
            Statement(kind: .ifElse($0), span: parser.span(from: start))
          }
          otherwise = Block(
            statements: statement.map { [$0] } ?? [], span: parser.span(from: start))
        } else {
          parser.advance()
          otherwise = parser.parseBlock("`else`")
        }
      }
      return If(binding: binding, condition: condition, then: then, otherwise: otherwise)
    }
  }

  /// The pieces of the string at the cursor; braces hold expressions: `"epoch {epoch}, loss {loss:4}"`.
  mutating func parseStringParts() -> [StringPart] {
    let whole = token.span
    advance()
    var parts: [StringPart] = []
    var text: [UInt8] = []
    var offset = whole.start + 1
    while offset < whole.end - 1 {
      let byte = tree.file.bytes[offset]
      if byte == UInt8(ascii: "\\") {
        let next = tree.file.bytes[offset + 1]
        text.append(next == UInt8(ascii: "n") ? 10 : next == UInt8(ascii: "t") ? 9 : next)
        offset += 2
      } else if byte == UInt8(ascii: "{") {
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        let close = closingBrace(from: offset, before: whole.end - 1)
        parts.append(parseInterpolation(Span(offset + 1, close)))
        offset = close + 1
      } else {
        text.append(byte)
        offset += 1
      }
    }
    if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
    return parts
  }

  private func closingBrace(from open: Int, before end: Int) -> Int {
    var depth = 0
    for offset in open..<end {
      if tree.file.bytes[offset] == UInt8(ascii: "{") { depth += 1 }
      if tree.file.bytes[offset] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return offset }
    }
    return end
  }

  private mutating func parseInterpolation(_ span: Span) -> StringPart {
    let outside = (tokens, position, openBrackets)
    tokens = Lexer.tokens(of: tree.file, in: span)
    position = 0
    openBrackets = 1
    let value = parseExpression()
    var digits: Int?
    if accept(":"), at(.integer) { digits = Int(text(advance())) }
    if !at(.endOfFile) { fail(.expected("`}`", in: "a string", found(), label())) }
    // What is cut off by its brace is wrong, not unfinished.
    isIncomplete = false
    (tokens, position, openBrackets) = outside
    return .value(value, digits: digits)
  }
}
