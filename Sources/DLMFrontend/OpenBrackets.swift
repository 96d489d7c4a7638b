import DLMSyntax

extension SourceFile {
  /// What closes, put at `offset`, the brackets that are open there and that nothing behind it closes: a
  /// text that is being written can be read with it.
  package func closing(at offset: Int) -> String {
    var open: [(bracket: String, isBefore: Bool)] = []
    var missing: [String] = []
    /// Lets go of what is open above a brace or everything, which nothing will close.
    func give(upTo isEnd: (String) -> Bool) {
      while let last = open.last, !isEnd(last.bracket) {
        if last.isBefore { missing.append(last.bracket) }
        open.removeLast()
      }
    }
    for token in Lexer.tokens(of: self) where token.kind != .endOfFile {
      let text = string(token.span)
      let isBefore = token.span.end <= offset
      if !isBefore, token.startsLine, Self.beginnings.contains(text) {
        // No value goes on with it; at the margin no body does either.
        give { $0 == "{" }
        if position(at: token.span.start).column == 1 { break }
      }
      switch text {
      case "(", "[", "{": open.append((text, isBefore))
      case "}":
        if !isBefore { give { $0 == "{" } }
        if !open.isEmpty { open.removeLast() }
      case ")", "]": if let last = open.last, last.bracket != "{" { open.removeLast() }
      default: break
      }
    }
    give { _ in false }
    return missing.map { $0 == "(" ? ")" : $0 == "[" ? "]" : "\n}" }.joined()
  }

  private static let beginnings = Set(Words.declarations + Words.statements)
    .intersection(Words.reserved)

  /// The text with `closing(at:)` in it.
  package func closed(at offset: Int) -> SourceFile {
    let closing = closing(at: offset)
    guard !closing.isEmpty else { return self }
    var bytes = bytes
    bytes.insert(contentsOf: closing.utf8, at: offset)
    return SourceFile(path: path, text: String(decoding: bytes, as: UTF8.self))
  }
}
