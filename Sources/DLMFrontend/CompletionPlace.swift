import DLMSyntax

/// What stands in front of the cursor: which sort of thing is to come.
package struct CompletionPlace {
  package enum Context: Hashable {
    /// Behind a point.
    case member
    /// Behind `|>`.
    case stage
    /// Behind `over:`.
    case axis
    /// At the beginning of a line in `train`.
    case clause
    /// Behind the colon of an input, or between the brackets of its type.
    case type
    /// In a string that names a file, behind a folder.
    case path(folder: String)
    case expression
    /// Behind `with`.
    case optimizer
    /// Where only `words` can stand.
    case word
    /// At the beginning of a line.
    case statement
  }

  package private(set) var context: Context
  /// Where the word begins that is to be completed.
  package private(set) var start: Int
  /// Where what stands in front of the word and its `|>` or point ends.
  package private(set) var before: Int
  /// Whether an argument of a call can begin here.
  package private(set) var startsArgument = false
  /// Words of the clause around, or between two values, that can stand here.
  package private(set) var words: [String] = []
  /// Whether a value ends in front of it.
  package private(set) var isBehindValue = false

  /// `nil` where nothing is to be completed: in a comment or a number.
  package init?(at offset: Int, in file: SourceFile) {
    let tokens = Lexer.tokens(of: file)
    if Lexer.comments(of: file, tokens).contains(where: { $0.start < offset && offset <= $0.end }) {
      return nil
    }
    var before = tokens.filter { $0.span.start < offset && $0.kind != .endOfFile }
    start = offset
    self.before = offset
    if let last = before.last, last.span.end >= offset {
      switch last.kind {
      case .name, .capitalName:
        start = last.span.start
        before.removeLast()
      case .string, .invalid:
        guard let path = Self.path(last, before, file, offset) else { return nil }
        context = .path(folder: path.folder)
        start = path.start
        return
      case .integer, .real: return nil
      case .symbol, .endOfFile: break
      }
    }
    context = .statement
    guard let last = before.last else { return }
    let text = file.string(last.span)
    self.before = before.dropLast().last?.span.end ?? 0
    let startsLine = file.line(at: last.span.start) < file.line(at: start)
    switch text {
    case ".": context = .member
    case "|>": context = .stage
    case ":" where before.count > 1:
      let label = file.string(before[before.count - 2].span)
      context = label == "over" ? .axis : Self.isHeader(before, file) ? .type : .expression
    case "(", ",":
      let opening = Self.opening(before, file)
      context = opening == "[" && Self.isHeader(before, file) ? .type : .expression
      startsArgument = opening == "("
    case "[": context = Self.isHeader(before, file) ? .type : .expression
    case "->": context = .type
    case "{", "}": context = Self.isInTraining(before, file) ? .clause : .statement
    default:
      context = startsLine ? (Self.isInTraining(before, file) ? .clause : .statement) : .expression
    }
    if context == .expression, !startsLine, !startsArgument { goOn(behind: before, file) }
  }

  /// In the middle of a clause or a statement.
  private mutating func goOn(behind tokens: [Token], _ file: SourceFile) {
    isBehindValue = tokens.last.map { Self.endsValue($0, file) } ?? false
    let isInTraining = Self.isInTraining(tokens, file)
    if let follow = Self.follow(tokens, isInTraining: isInTraining, file) {
      words = follow.words
      if !follow.takesValue { context = .word }
    } else if isBehindValue {
      words = Self.joining
      context = .word
    }
    let last = tokens.last.map { file.string($0.span) }
    if last == "with", context == .expression { context = .optimizer }
  }

  /// The folder that is written of a path, and where the name in it begins.
  private static func path(
    _ token: Token, _ before: [Token], _ file: SourceFile, _ offset: Int
  ) -> (folder: String, start: Int)? {
    guard file.bytes[token.span.start] == UInt8(ascii: "\""), before.count > 1 else { return nil }
    let word = file.string(before[before.count - 2].span)
    guard ["use", "from", "to", "checkpoint", "(", ":"].contains(word) else { return nil }
    let written = file.string(Span(token.span.start + 1, offset))
    guard !written.contains("{") else { return nil }
    guard let slash = written.lastIndex(of: "/") else { return ("", token.span.start + 1) }
    let folder = String(written[...slash])
    return (folder, token.span.start + 1 + folder.utf8.count)
  }

  /// The bracket that is open at the end.
  private static func opening(_ tokens: [Token], _ file: SourceFile) -> String? {
    var depth = 0
    for token in tokens.reversed() where token.kind == .symbol {
      switch file.string(token.span) {
      case ")", "]", "}": depth += 1
      case let text where text == "(" || text == "[" || text == "{":
        if depth == 0 { return text }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  /// Whether the end stands in the head of a declaration: behind its word, before its body.
  private static func isHeader(_ tokens: [Token], _ file: SourceFile) -> Bool {
    for token in tokens.reversed() {
      let text = file.string(token.span)
      if text == "{" || text == "}" || text == "where" || text == "=" { return false }
      if ["layer", "fn", "loss", "param", "state"].contains(text) { return true }
    }
    return false
  }

  /// Whether the innermost open block is that of a `train`.
  private static func isInTraining(_ tokens: [Token], _ file: SourceFile) -> Bool {
    var depth = 0
    for (index, token) in tokens.enumerated().reversed() where token.kind == .symbol {
      let text = file.string(token.span)
      if text == "}" { depth += 1 }
      guard text == "{" else { continue }
      if depth > 0 {
        depth -= 1
        continue
      }
      let head = tokens[..<index].reversed().prefix(12).map { file.string($0.span) }
      let line = head.prefix { $0 != "{" && $0 != "}" }
      return line.contains("train") && line.contains("on")
    }
    return false
  }
}
