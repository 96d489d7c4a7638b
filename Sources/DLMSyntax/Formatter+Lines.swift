/// Cuts a parsed text into lines of tokens and comments.
struct LineReader {
  private let file: SourceFile
  private(set) var lines: [FormattedLine] = []

  init(_ parsed: ParsedModule) {
    let tree = parsed.tree
    file = tree.file
    var starts: [Int: FormattedLine.Start] = [:]
    let walker = TreeWalker(
      tree: tree, onStatement: { starts[$0.span.start] = .statement },
      onCase: { starts[$0] = .statement })
    for item in tree.items {
      walker.add(item)
      guard case .declaration(let declaration) = item else { continue }
      starts[declaration.span.start] = declaration.kind.hasBody ? .header : .statement
      if case .train(let train) = declaration.kind {
        train.clauses.forEach { starts[$0.span.start] = .statement }
      }
    }
    read(parsed.tokens, starts)
  }

  private mutating func read(_ tokens: [Token], _ starts: [Int: FormattedLine.Start]) {
    var current: [Token] = []
    var isAfterBlank = false
    for token in tokens {
      let gap = Gap(file, Span(token.triviaStart, token.span.start))
      if token.startsLine || token.kind == .endOfFile {
        finish(current, gap.trailing, isAfterBlank, starts)
        isAfterBlank = gap.beginsBlank
        for comment in gap.alone {
          add(comment)
        }
        if !gap.alone.isEmpty { isAfterBlank = gap.endsBlank }
        current = []
      }
      current.append(token)
    }
  }

  private mutating func add(_ comment: Gap.Comment) {
    lines.append(
      FormattedLine(
        tokens: [], code: "", comment: comment.text, writtenIndentation: comment.column,
        writtenCommentColumn: comment.column, followsBlank: comment.followsBlank,
        start: nil, opensBlock: false, closesBlock: false))
  }

  private mutating func finish(
    _ tokens: [Token], _ trailing: Gap.Comment?, _ isAfterBlank: Bool,
    _ starts: [Int: FormattedLine.Start]
  ) {
    guard let first = tokens.first, let last = tokens.last else {
      if let trailing { add(trailing) }
      return
    }
    let code = Spacing(file: file).text(tokens)
    let start = file.lineSpan(file.line(at: first.span.start)).start
    lines.append(
      FormattedLine(
        tokens: tokens, code: code, comment: trailing?.text,
        writtenIndentation: columns(Span(start, first.span.start)),
        writtenCommentColumn: trailing?.column ?? 0, followsBlank: isAfterBlank,
        start: starts[first.span.start], opensBlock: last.word == "{",
        closesBlock: first.word == "}"))
  }

  /// Columns of a piece of the text, a tab up to the next fourth.
  private func columns(_ span: Span) -> Int {
    file.string(span).reduce(0) { $1 == "\t" ? ($0 / 4 + 1) * 4 : $0 + 1 }
  }
}

/// What stands between two tokens: comments and blank lines.
private struct Gap {
  struct Comment {
    var text: String
    var column: Int
    var followsBlank: Bool
  }

  /// On the line of the token before.
  var trailing: Comment?
  /// On lines of their own.
  var alone: [Comment] = []
  /// Whether a blank line follows the token before, or stands before the token behind.
  var beginsBlank = false
  var endsBlank = false

  init(_ file: SourceFile, _ span: Span) {
    // By bytes: a carriage return and a line feed are one character.
    let pieces = file.bytes[span.start..<span.end]
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var offset = span.start
    var isAfterBlank = false
    for (index, piece) in pieces.enumerated() {
      let isLast = index == pieces.count - 1
      let text = String(decoding: piece, as: UTF8.self).drop {
        $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\u{FEFF}"
      }
      let isFirstOfFile = span.start == 0 && index == 0
      if text.hasPrefix("//") {
        let start = offset + piece.count - text.utf8.count
        let line = file.lineSpan(file.line(at: start)).start
        let before = file.string(Span(line, start))
        let comment = Comment(
          text: text.trimmingEnd,
          column: before.reduce(0) { $1 == "\t" ? ($0 / 4 + 1) * 4 : $0 + 1 },
          followsBlank: isAfterBlank)
        if index == 0, !isFirstOfFile { trailing = comment } else { alone.append(comment) }
        isAfterBlank = false
      } else if index > 0 || isFirstOfFile, !isLast {
        isAfterBlank = true
        if alone.isEmpty { beginsBlank = true }
      }
      offset += piece.count + 1
    }
    endsBlank = isAfterBlank
  }
}

extension Substring {
  /// Without spaces at its end.
  fileprivate var trimmingEnd: String {
    String(reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
  }
}

extension Declaration.Kind {
  /// Whether what stands in braces belongs to the first line of it, wherever they open.
  fileprivate var hasBody: Bool {
    switch self {
    case .layer, .function, .optimizer, .schedule, .train, .test, .sweep: true
    case .use, .data, .dim: false
    }
  }
}
