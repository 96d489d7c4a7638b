// Where the pieces of a program stand.
extension Tree {
  /// Every statement, those inside others among them, in order.
  package var statements: [Statement] {
    var statements: [Statement] = []
    let walker = TreeWalker(tree: self, onStatement: { statements.append($0) })
    for item in items { walker.add(item) }
    return statements
  }
}

extension Item {
  package var span: Span {
    switch self {
    case .declaration(let declaration): declaration.span
    case .statement(let statement): statement.span
    }
  }
}

extension Lexer {
  /// Comments of a text, each line of `//` or `///` by itself.
  package static func comments(of file: SourceFile, _ tokens: [Token]) -> [Span] {
    let slash = UInt8(ascii: "/")
    var comments: [Span] = []
    for token in tokens {
      var offset = token.triviaStart
      while offset < token.span.start {
        guard file.bytes[offset] == slash else {
          offset += 1
          continue
        }
        let line = file.lineSpan(file.line(at: offset))
        let end = min(line.end, token.span.start)
        comments.append(Span(offset, end))
        offset = max(end, offset + 1)
      }
    }
    return comments
  }

  /// Pairs of brackets by their tokens, those that have both.
  package static func brackets(of file: SourceFile, _ tokens: [Token]) -> [(
    open: Token, close: Token
  )] {
    var open: [(token: Token, close: String)] = []
    var pairs: [(open: Token, close: Token)] = []
    for token in tokens where token.kind == .symbol {
      switch file.string(token.span) {
      case "(": open.append((token, ")"))
      case "[": open.append((token, "]"))
      case "{": open.append((token, "}"))
      case let text where text == ")" || text == "]" || text == "}":
        // What closes nothing here closes what is open further out.
        guard let index = open.lastIndex(where: { $0.close == text }) else { continue }
        pairs.append((open[index].token, token))
        open.removeSubrange(index...)
      default: break
      }
    }
    return pairs
  }
}
