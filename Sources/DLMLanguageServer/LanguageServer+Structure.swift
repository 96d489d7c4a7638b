import DLMSyntax

// What can be folded, and what a selection grows to; found in files with mistakes too.
extension LanguageServer {
  func foldingRanges(_ params: JSON) throws(ResponseError) -> JSON {
    let text = try document(params).text
    let tokens = Lexer.tokens(of: text.file)
    var ranges: [(start: Int, end: Int, kind: String?)] = []
    for (open, close) in Lexer.brackets(of: text.file, tokens) {
      // The line that closes stays to be seen.
      let start = text.lines.line(at: open.span.start)
      let end = text.lines.line(at: close.span.start) - 1
      if end > start { ranges.append((start, end, nil)) }
    }
    let comments = Lexer.comments(of: text.file, tokens).map { text.lines.line(at: $0.start) }
    ranges += runs(of: comments).map { ($0, $1, "comment") }
    let uses = Parser.parse(text.file).tree.uses.map { text.lines.line(at: $0.span.start) }
    ranges += runs(of: uses).map { ($0, $1, "imports") }
    return .array(
      ranges.sorted { ($0.start, $0.end) < ($1.start, $1.end) }.map { range in
        .members([
          "startLine": .integer(range.start), "endLine": .integer(range.end),
          "kind": range.kind.map { .string($0) },
        ])
      })
  }

  /// First and last of the lines that follow each other, where there are two or more.
  private func runs(of lines: [Int]) -> [(Int, Int)] {
    var runs: [(Int, Int)] = []
    for line in lines {
      if let last = runs.last, line <= last.1 + 1 {
        runs[runs.count - 1].1 = line
      } else {
        runs.append((line, line))
      }
    }
    return runs.filter { $0.1 > $0.0 }
  }

  func selectionRanges(_ params: JSON) throws(ResponseError) -> JSON {
    let text = try document(params).text
    let tree = Parser.parse(text.file).tree
    let tokens = Lexer.tokens(of: text.file)
    var pieces = tree.expressionIDs.map { tree.span($0) }
    pieces += tree.items.map(\.span) + tree.statements.map(\.span)
    pieces += tokens.filter { $0.kind != .endOfFile }.map(\.span)
    for (open, close) in Lexer.brackets(of: text.file, tokens) {
      pieces.append(Span(open.span.start, close.span.end))
      pieces.append(Span(open.span.end, close.span.start))
    }
    pieces.append(Span(0, text.file.bytes.count))
    var result: [JSON] = []
    for json in params["positions"]?.array ?? [] {
      let offset = text.lines.offset(of: try position(json), encoding)
      result.append(chain(around: offset, pieces, in: text))
    }
    return .array(result)
  }

  /// The pieces around a place, each the parent of the one inside it.
  private func chain(around offset: Int, _ pieces: [Span], in text: IndexedText) -> JSON {
    let around = pieces.filter { $0.start <= offset && offset <= $0.end }
      .sorted { ($0.end - $0.start) > ($1.end - $1.start) }
    var chain: JSON = .null
    var outer: Span?
    for piece in around {
      // A piece that is not inside the one before it is a neighbour.
      guard outer.map({ $0.contains(piece) && $0 != piece }) ?? true else { continue }
      outer = piece
      if case .null = chain {
        chain = ["range": range(piece, in: text)]
      } else {
        chain = ["range": range(piece, in: text), "parent": chain]
      }
    }
    return chain
  }
}
