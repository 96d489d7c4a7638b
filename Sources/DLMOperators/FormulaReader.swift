import DLMSyntax

/// Reads formulas, types and signatures from tokens, one function a production.
package struct FormulaReader {
  private let file: SourceFile
  private let tokens: [Token]
  private var position = 0
  private var depth = 0

  package init(_ text: String) {
    file = SourceFile(path: "declaration", text: text)
    tokens = Lexer.tokens(of: file)
  }

  /// The formula that `text` is, and nothing after it.
  ///
  /// - Throws: `ReadingError` where the text is no formula.
  package static func formula(_ text: String) throws(ReadingError) -> Formula {
    var reader = FormulaReader(text)
    let formula = try reader.readFormula()
    try reader.expectEnd()
    return formula
  }

  /// `formula = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]`
  package mutating func readFormula() throws(ReadingError) -> Formula {
    // Nesting costs stack, so it has an end that a person never meets.
    guard depth < 100 else { throw failure("less nesting") }
    depth += 1
    defer { depth -= 1 }
    let left = try readSum()
    guard let operation = take([.less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual])
    else { return left }
    return .apply(operation, left, try readSum())
  }

  /// `sum = product { ( "+" | "-" ) product }`
  package mutating func readSum() throws(ReadingError) -> Formula {
    var left = try readProduct()
    while let operation = take([.add, .subtract]) {
      left = .apply(operation, left, try readProduct())
    }
    return left
  }

  /// `product = unary { ( "*" | "/" | "%" | "div" ) unary }`
  private mutating func readProduct() throws(ReadingError) -> Formula {
    var left = try readUnary()
    while let operation = take([.multiply, .divide, .modulo, .floorDivide]) {
      left = .apply(operation, left, try readUnary())
    }
    return left
  }

  /// `unary = { "-" } power`
  private mutating func readUnary() throws(ReadingError) -> Formula {
    var isNegative = false
    while take("-") { isNegative.toggle() }
    let operand = try readPower()
    return isNegative ? .negate(operand) : operand
  }

  /// `power = primary [ "^" unary ]`
  private mutating func readPower() throws(ReadingError) -> Formula {
    let base = try readPrimary()
    return take("^") ? .apply(.power, base, try readUnary()) : base
  }

  /// `primary = number | name [ "(" [ argument { "," argument } ] ")" ] | "(" formula ")"`
  private mutating func readPrimary() throws(ReadingError) -> Formula {
    switch current.kind {
    case .integer, .real:
      let digits = text.filter { $0 != "_" }
      guard let value = Double(digits) else { throw failure("a number") }
      advance()
      return .number(value)
    case .name, .capitalName:
      let name = try readName()
      guard take("(") else { return .name(name) }
      var arguments: [Formula.Argument] = []
      while !take(")") {
        if !arguments.isEmpty { try expect(",") }
        arguments.append(try readArgument())
      }
      return .call(name, arguments)
    case .symbol where take("("):
      let formula = try readFormula()
      try expect(")")
      return formula
    case .symbol, .string, .endOfFile, .invalid: throw failure("a number, a name or `(`")
    }
  }

  /// `argument = [ name ":" ] formula`
  private mutating func readArgument() throws(ReadingError) -> Formula.Argument {
    guard nextText == ":" else { return Formula.Argument(label: nil, value: try readFormula()) }
    let label = try readName()
    try expect(":")
    return Formula.Argument(label: label, value: try readFormula())
  }
}

extension FormulaReader {
  var current: Token { tokens[position] }

  /// The text of the current token; empty at the end.
  var text: String { file.string(current.span) }

  private var nextText: String {
    position + 1 < tokens.count ? file.string(tokens[position + 1].span) : ""
  }

  var isAtEnd: Bool { current.kind == .endOfFile }

  mutating func advance() { if !isAtEnd { position += 1 } }

  /// Consumes the current token if it is `expected`.
  mutating func take(_ expected: String) -> Bool {
    guard !isAtEnd, text == expected else { return false }
    advance()
    return true
  }

  mutating func take(_ operations: [Formula.Operation]) -> Formula.Operation? {
    guard !isAtEnd, let operation = Formula.Operation(rawValue: text),
      operations.contains(operation)
    else { return nil }
    advance()
    return operation
  }

  mutating func expect(_ expected: String) throws(ReadingError) {
    guard take(expected) else { throw failure("`\(expected)`") }
  }

  func expectEnd() throws(ReadingError) {
    guard isAtEnd else { throw failure("the end") }
  }

  mutating func readName() throws(ReadingError) -> String {
    guard current.kind == .name || current.kind == .capitalName else { throw failure("a name") }
    defer { advance() }
    return text
  }

  func failure(_ expected: String) -> ReadingError {
    ReadingError(expected: expected, found: text, offset: current.span.start)
  }
}
