/// What a text was read as, with everything that is wrong with its form.
package struct ParsedModule: Sendable {
  package var tree: Tree
  /// Its tokens with their roles, those inside strings left out.
  package var tokens: [Token]
  package var diagnostics: [Diagnostic]
  /// Whether the text ends where more must come: a prompt asks for another line.
  package var isIncomplete: Bool
}

/// Reads tokens by recursive descent with one token of look-ahead, seldom two. Every function carries
/// its production; `grammar/dlm.ebnf` is these productions and nothing else.
package struct Parser {
  /// Deeper nesting is refused, so that no input exhausts the stack.
  static let nestingLimit = 200
  /// More mistakes of form in one text are not worth telling.
  static let errorLimit = 100

  var tree: Tree
  var tokens: [Token]
  var position = 0
  var diagnostics: [Diagnostic] = []
  var isIncomplete = false
  private var depth = 0
  /// Whether the rest of the text was skipped because of its nesting: more of it would not help.
  private var wasRefused = false
  /// How many brackets are open: inside them a line break ends nothing.
  var openBrackets = 0
  /// Where the token of the last error ends: another before the one after it says nothing new.
  private var silentUntil = -1

  init(_ file: SourceFile) {
    tree = Tree(file: file)
    tokens = Lexer.tokens(of: file)
    tree.reserve(tokens: tokens.count)
    tree.commentsLikeDivisors = commentsLikeDivisors()
  }

  /// Reads a whole file.
  package static func parse(_ file: SourceFile) -> ParsedModule {
    withLargeStack {
      var parser = Parser(file)
      parser.parseModule()
      if let cause = parser.brokenByComment { parser.diagnostics = [cause] }
      return ParsedModule(
        tree: parser.tree, tokens: parser.tokens, diagnostics: parser.diagnostics,
        isIncomplete: parser.isIncomplete)
    }
  }

  /// `module = { ( declaration | statement ) end }`
  mutating func parseModule() {
    while !at(.endOfFile) {
      let before = position
      if let item = parseItem() { tree.add(item) }
      if position == before { recover() }
    }
  }
}

// The cursor.
extension Parser {
  var token: Token { tokens[position] }

  func peek(_ ahead: Int = 1) -> Token { tokens[min(position + ahead, tokens.count - 1)] }

  func text(_ token: Token) -> String { tree.file.string(token.span) }

  func at(_ kind: Token.Kind) -> Bool { token.kind == kind }

  /// Whether the token is this symbol or this word.
  func at(_ word: Word) -> Bool { token.word == word }

  func matches(_ token: Token, _ word: Word) -> Bool { token.word == word }

  /// Whether a statement that could go on ends before this token.
  var endsStatement: Bool {
    at(.endOfFile) || at("}") || (openBrackets == 0 && token.startsLine)
  }

  @discardableResult mutating func advance() -> Token {
    defer { if position < tokens.count - 1 { position += 1 } }
    return token
  }

  /// Goes on behind a symbol that is there for `role`.
  mutating func advance(as role: Token.Role) {
    tokens[position].role = role
    advance()
  }

  mutating func accept(_ word: Word) -> Bool {
    guard at(word) else { return false }
    advance()
    return true
  }

  /// Accepts a symbol that is there for `role`.
  mutating func accept(_ word: Word, as role: Token.Role) -> Bool {
    guard at(word) else { return false }
    advance(as: role)
    return true
  }

  /// Accepts a word that goes on with a statement, so not one on the next line.
  mutating func acceptSameLine(_ word: Word) -> Bool { !endsStatement && accept(word) }

  mutating func expect(
    _ symbol: String, as role: Token.Role = .plain, in context: String
  ) {
    if !accept(Word(symbol), as: role) { failExpecting("`\(symbol)`", in: context) }
  }

  /// Says what should stand here; of what is no part of the language, that.
  mutating func failExpecting(_ what: String, in context: String) {
    fail(
      at(.invalid)
        ? .notAToken(text(token), label()) : .expected(what, in: context, found(), label()))
  }

  /// Words that are never names: an expression or an operator begins with them.
  package static let reserved: Set = ["and", "or", "not", "div", "if", "else", "match", "fn"]
  private static let reservedWords = reserved.map { Word($0) }

  /// Whether the token can be a name; words that are keywords elsewhere can.
  var atName: Bool { at(.capitalName) || (at(.name) && !Parser.reservedWords.contains(token.word)) }

  mutating func expectName(_ context: String) -> Name {
    guard atName else {
      failExpecting("a name", in: context)
      return Name(text: "", span: Span(token.span.start, token.span.start))
    }
    let token = advance()
    return Name(text: text(token), span: token.span)
  }

  func span(from start: Int) -> Span {
    Span(start, position > 0 ? max(start, tokens[position - 1].span.end) : start)
  }

  func label(_ words: String = "") -> Diagnostic.Label {
    Diagnostic.Label(tree.file, token.span, words)
  }

  /// The token as a message names it.
  func found() -> String { at(.endOfFile) ? "the end of the text" : Diagnostic.shown(text(token)) }
}

// Errors and recovery.
extension Parser {
  mutating func fail(_ diagnostic: Diagnostic) {
    if at(.endOfFile), !wasRefused { isIncomplete = true }
    let isNews = token.span.start > silentUntil
    silentUntil = peek().span.start
    guard isNews, diagnostics.count < Parser.errorLimit else { return }
    diagnostics.append(diagnostic)
  }

  /// Skips to where a statement can begin: the next line, or behind what the error opened.
  mutating func recover() {
    openBrackets = 0
    var depth = 0
    repeat {
      if at("{") || at("(") || at("[") { depth += 1 }
      // A bracket that closes nothing here was opened before the error.
      if at("}") || at(")") || at("]") { depth = max(0, depth - 1) }
      advance()
    } while !at(.endOfFile) && (depth > 0 || !(token.startsLine || at("}")))
  }

  /// Runs `body` one level deeper, or refuses and skips.
  mutating func nested<Result>(
    otherwise: Result, _ body: (inout Parser) -> Result
  ) -> Result {
    guard depth < Parser.nestingLimit else {
      refuse()
      return otherwise
    }
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  /// Whether one more of `links`, each around those before it, is too many; then the rest is skipped.
  mutating func refusesLink(_ links: inout Int) -> Bool {
    links += 1
    guard depth + links > Parser.nestingLimit else { return false }
    refuse()
    return true
  }

  private mutating func refuse() {
    fail(.nestedTooDeeply(label()))
    wasRefused = true
    while !at(.endOfFile) { advance() }
  }

  /// `nested` for what reads an expression.
  mutating func nestedExpression(_ body: (inout Parser) -> ExpressionID) -> ExpressionID {
    nested(otherwise: nil) { body(&$0) } ?? tree.add(.invalid, token.span)
  }

  /// Reads what is between brackets: items with commas, a trailing one allowed.
  mutating func parseList<Element>(
    until close: String, in context: String, _ item: (inout Parser) -> Element
  ) -> [Element] {
    openBrackets += 1
    defer { openBrackets = max(0, openBrackets - 1) }
    let end = Word(close)
    var items: [Element] = []
    while !at(end), !at(.endOfFile) {
      let before = position
      items.append(item(&self))
      if !accept(",") { break }
      if position == before { break }
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

  mutating func add(_ expression: Expression, from start: Int) -> ExpressionID {
    tree.add(expression, span(from: start))
  }
}
