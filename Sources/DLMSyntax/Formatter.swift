/// Lays out a program in the one style there is: indentation, spaces and blank lines are the
/// formatter's, line breaks and the choice between `2*n` and `2 * n` the author's.
package struct Formatter {
  private let file: SourceFile
  /// The lines of the text with their tokens and comments, those that are empty left out.
  private var lines: [FormattedLine]

  /// The text of `file` in that style; `nil` where it has mistakes of form, which is left as it is.
  ///
  /// The tree stays what it was, and so does every comment.
  package static func format(_ file: SourceFile) -> String? {
    let parsed = Parser.parse(file)
    guard parsed.diagnostics.isEmpty else { return nil }
    var formatter = Formatter(parsed)
    formatter.indent()
    formatter.alignComments()
    return formatter.text
  }

  /// What `format` changes in the lines of `range`, each edit a whole line or more.
  ///
  /// - Parameter range: lines counted from 0.
  package static func edits(_ file: SourceFile, in range: ClosedRange<Int>) -> [Diagnostic.Edit]? {
    guard let text = format(file) else { return nil }
    if text == file.text { return [] }
    let new = SourceFile(path: file.path, text: text)
    // Blank lines come and go: where their numbers differ, the whole text is one edit.
    guard file.lineCount == new.lineCount else {
      return [Diagnostic.Edit(Span(0, file.bytes.count), text)]
    }
    return (0..<file.lineCount).compactMap { number in
      let (old, line) = (file.lineSpan(number), new.string(new.lineSpan(number)))
      guard file.string(old) != line, range.contains(number) else { return nil }
      return Diagnostic.Edit(old, line)
    }
  }

  private init(_ parsed: ParsedModule) {
    file = parsed.tree.file
    lines = LineReader(parsed).lines
    // Blocks neither begin nor end with a blank line, nor does the text.
    for index in lines.indices where lines[index].followsBlank {
      let isInside = index > 0 && !lines[index - 1].opensBlock && !lines[index].closesBlock
      lines[index].followsBlank = isInside
    }
  }

  private var text: String {
    var result = ""
    for line in lines {
      if line.followsBlank { result += "\n" }
      var row = String(repeating: " ", count: line.indentation) + line.code
      if let comment = line.comment {
        if !line.code.isEmpty {
          row += String(repeating: " ", count: max(1, line.commentColumn - row.count))
        }
        row += comment
      }
      result += row + "\n"
    }
    return result
  }
}

/// One line of a program that is laid out.
struct FormattedLine {
  enum Start {
    /// Or a declaration without a body, or a clause.
    case statement
    /// A declaration with a body.
    case header
  }

  var tokens: [Token]
  /// The tokens with the spaces that belong between them.
  var code: String
  /// `// ...` at the end, or alone.
  var comment: String?
  /// Columns in front of the first character, as the author wrote it and as it is to be.
  var writtenIndentation: Int
  var indentation = 0
  /// Where the comment begins, as written and as it is to be.
  var writtenCommentColumn: Int
  var commentColumn = 0
  /// Columns of the code as it was written.
  var followsBlank: Bool
  /// What begins with it.
  var start: Start?
  var opensBlock: Bool
  var closesBlock: Bool
}

extension Formatter {
  private static let step = 4
  /// Stages stand below the first `|>` if that stands no further right than this, behind the indentation.
  private static let farthestPipe = 17

  /// An open bracket: the indentation of what closes it, and of what stands inside.
  private struct Bracket {
    var isBlock: Bool
    var base: Int
  }

  /// Gives every line its indentation: statements that of their block, other lines by what they begin
  /// with and how the author set them off from the statement.
  private mutating func indent() {
    var open: [Bracket] = []
    var statement = StatementLayout()
    for index in lines.indices where !lines[index].tokens.isEmpty {
      let line = lines[index]
      let first = line.tokens[0]
      let inside = open.last(where: \.isBlock).map { $0.base + Self.step } ?? 0
      if first.isClosing, let bracket = open.last {
        lines[index].indentation = bracket.base
      } else if line.start != nil {
        lines[index].indentation = inside
        statement = StatementLayout(line, at: inside, firstPipe: pipeColumn(line))
      } else {
        lines[index].indentation = statement.indentation(of: line, beginning: first)
      }
      if statement.firstPipe == nil, let column = pipeColumn(line), line.start != nil {
        statement.firstPipe = column
      }
      follow(line, at: lines[index].indentation, &open, statement)
    }
    indentComments()
  }

  /// Keeps track of brackets through a line.
  private func follow(
    _ line: FormattedLine, at indentation: Int, _ open: inout [Bracket],
    _ statement: StatementLayout
  ) {
    for token in line.tokens where token.kind == .symbol {
      switch token.word {
      case "{":
        // The body of a declaration belongs to its first line, whatever the header's last one is.
        let isBody = statement.isHeader && !open.contains { !$0.isBlock }
        open.append(Bracket(isBlock: true, base: isBody ? statement.base : indentation))
      case "(", "[": open.append(Bracket(isBlock: false, base: indentation))
      case "}", ")", "]": if !open.isEmpty { open.removeLast() }
      default: break
      }
    }
  }

  /// Columns before the first `|>` of a line, behind its indentation.
  private func pipeColumn(_ line: FormattedLine) -> Int? {
    guard let pipe = line.tokens.firstIndex(where: { $0.word == "|>" }), pipe > 0 else {
      return nil
    }
    let column = Spacing(file: file).text(line.tokens[..<pipe]).count + 1
    return column <= Self.farthestPipe ? column : nil
  }

  /// Comments that stand alone belong to the line that follows; at the end of a block, to the block.
  private mutating func indentComments() {
    var next = 0
    for index in lines.indices.reversed() {
      if lines[index].tokens.isEmpty {
        lines[index].indentation = next
      } else {
        next = lines[index].indentation
        if lines[index].tokens[0].isClosing { next += Self.step }
      }
    }
  }

  /// Comments behind code begin in one column where their lines stand together.
  private mutating func alignComments() {
    var start = 0
    while start < lines.count {
      var end = start
      while end < lines.count, lines[end].comment != nil, !lines[end].code.isEmpty,
        end == start || !lines[end].followsBlank
      {
        end += 1
      }
      if end == start {
        start += 1
        continue
      }
      let group = lines[start..<end]
      let least = group.map { $0.indentation + $0.code.count + 2 }.max() ?? 0
      let written = Set(group.map { $0.writtenCommentColumn })
      // A column that the author chose for all of them stays.
      let column =
        written.count == 1 ? written.first.map { $0 >= least - 1 && $0 < 100 ? $0 : least } : nil
      for index in start..<end { lines[index].commentColumn = column ?? least }
      start = end
    }
  }
}

/// How the lines of one statement behind its first are set off.
private struct StatementLayout {
  /// Of the first line.
  var base = 0
  var writtenBase = 0
  /// Columns from `base` to the first `|>` on the first line.
  var firstPipe: Int?
  /// Whether it is a declaration with a body.
  var isHeader = false

  init() {}

  init(_ line: FormattedLine, at base: Int, firstPipe: Int?) {
    self.base = base
    self.firstPipe = firstPipe
    writtenBase = line.writtenIndentation
    isHeader = line.start == .header
  }

  func indentation(of line: FormattedLine, beginning first: Token) -> Int {
    if first.word == "|>" { return base + (firstPipe ?? 4) }
    let offset = line.writtenIndentation - writtenBase
    if first.word == "{" { return isHeader ? base : base + max(0, offset) }
    if first.word == "else" { return base + max(0, offset) }
    return base + (offset > 0 ? offset : 4)
  }
}

extension Token {
  fileprivate var isClosing: Bool { word == "}" || word == ")" || word == "]" }
}
