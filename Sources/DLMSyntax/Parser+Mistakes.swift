// What other languages mean by a piece of text that is something else here.
extension Parser {
  /// Comments that begin like the divisor of a whole division: `7 // 2`, `Linear(D // 2)`. One space at
  /// most stands in front, a name or a number before it, and a number behind.
  func commentsLikeDivisors() -> [Span] {
    var found: [Span] = []
    for (before, token) in zip(tokens, tokens.dropFirst())
    where token.span.start - before.span.end > 2 {
      let isName = [.name, .capitalName, .integer].contains(before.kind)
      guard isName || matches(before, ")") || matches(before, "]") else { continue }
      let bytes = tree.file.bytes
      let start = before.span.end + (bytes[before.span.end] == UInt8(ascii: " ") ? 1 : 0)
      guard bytes[start...].starts(with: "//".utf8) else { continue }
      let line = bytes[(start + 2)...].prefix { $0 != UInt8(ascii: "\n") }
      let words = line.drop { $0 == UInt8(ascii: " ") }
      let digits = words.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      let rest = words.dropFirst(digits.count).drop { $0 == UInt8(ascii: " ") }
      let closes = rest.first.map { ")],".utf8.contains($0) } ?? false
      guard !digits.isEmpty, closes || (rest.isEmpty && isName) else { continue }
      found.append(Span(start, start + 2))
    }
    return found
  }

  /// The error of a text that a comment of that sort broke: whatever else is wrong behind it follows from it.
  var brokenByComment: Diagnostic? {
    guard let first = diagnostics.first,
      let comment = tree.commentsLikeDivisors.last(where: { $0.start < first.primary.span.start })
    else { return nil }
    let line = tree.file.line(at: comment.start)
    let closes = tree.file.bytes[comment.end...].prefix { $0 != UInt8(ascii: "\n") }
      .contains { ")]".utf8.contains($0) }
    guard closes, tree.file.line(at: first.primary.span.start) <= line + 1 else { return nil }
    return .commentForDivision(Diagnostic.Label(tree.file, comment), isError: true)
  }

  /// Whether a declaration begins at the start of a line: no block has one in it, so a `}` is missing.
  var beginsDeclaration: Bool {
    let (next, third) = (peek(), peek(2))
    guard token.startsLine, at(.name), !next.startsLine,
      token.span.start == 0 || tree.file.bytes[token.span.start - 1] == UInt8(ascii: "\n")
    else { return false }
    let isNamed = next.kind == .name || next.kind == .capitalName
    if at("layer") || at("fn") || at("loss") || at("schedule") {
      return isNamed && matches(third, "(")
    }
    if at("optimizer") { return isNamed && (matches(third, "(") || matches(third, "for")) }
    if at("train") { return isNamed && matches(third, "on") }
    if at("data") { return isNamed && matches(third, "=") }
    if at("sweep") { return isNamed && matches(third, "in") }
    return (at("test") || at("use")) && next.kind == .string
  }

  /// Closes a block that `open` has opened, or says that it is not closed.
  mutating func closeBlock(_ open: Token) {
    if accept("}") { return }
    let behind = tokens[max(position - 1, 0)].span.end
    fail(
      .notClosed(
        Diagnostic.Label(tree.file, open.span, "opened here"), found(), label(), behind: behind,
        isCertain: beginsDeclaration))
  }
}
