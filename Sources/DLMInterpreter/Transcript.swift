import DLMSyntax

/// What the items of a text print, beside the lines `//> ...` right below each that say what they should.
struct Transcript {
  private struct Entry {
    var item: Span
    /// Lines below the item, counted from 0, that say what it prints.
    var lines: Range<Int>
    var expected: [String]
    var printed: [String] = []
  }

  /// Lines of a text and what is to stand there instead.
  struct Change {
    var lines: Range<Int>
    var replacement: [String]
  }

  private static let mark = "//>"
  private let file: SourceFile
  private var entries: [Entry]
  private var current = 0

  /// - Parameter items: spans of what can print, in order.
  init(_ file: SourceFile, items: [Span]) {
    self.file = file
    entries = items.map { item in
      let first = file.line(at: item.end) + 1
      let below = (first..<max(first, file.lineCount)).lazy.map { file.codeLine($0) }
      let expected = Array(below.prefix { $0.hasPrefix(Self.mark) }).map(Self.text(behindMarkOf:))
      return Entry(item: item, lines: first..<(first + expected.count), expected: expected)
    }
  }

  private static func text(behindMarkOf line: Substring) -> String {
    let text = line.dropFirst(mark.count)
    return String(text.hasPrefix(" ") ? text.dropFirst() : text)
  }

  /// What is printed from now on belongs to item `index`.
  mutating func begin(_ index: Int) { current = index }

  mutating func print(_ text: String) {
    guard entries.indices.contains(current) else { return }
    entries[current].printed += text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// Whether any item says what it prints.
  var saysAnything: Bool { entries.contains { !$0.expected.isEmpty } }

  /// The first item that prints something else than it says, with the lines that say it.
  var mismatch: (printed: [String], expected: [String], line: Int)? {
    entries.first { !$0.expected.isEmpty && !PrintedText.agree($0.printed, $0.expected) }
      .map { ($0.printed, $0.expected, $0.lines.lowerBound) }
  }

  /// What makes every item say what it has printed.
  var recording: [Change] {
    entries.compactMap { entry in
      guard entry.printed != entry.expected,
        !PrintedText.agree(entry.printed, entry.expected)
      else { return nil }
      let first = file.lineSpan(file.line(at: entry.item.start))
      let indentation = file.string(first).prefix { $0 == " " || $0 == "\t" }
      return Change(
        lines: entry.lines,
        replacement: entry.printed.map { "\(indentation)\(Self.mark)\($0.isEmpty ? "" : " ")\($0)" }
      )
    }
  }
}

extension SourceFile {
  /// Line `line`, counted from 0, without the spaces at its beginning.
  fileprivate func codeLine(_ line: Int) -> Substring {
    string(lineSpan(line)).drop { $0 == " " || $0 == "\t" }
  }

  /// The edits that put `changes` into the text, each line behind `prefix`.
  func edits(_ changes: [Transcript.Change], from start: Int = 0, prefix: String = "")
    -> [Diagnostic.Edit]
  {
    changes.map { change in
      let (first, end) = (change.lines.lowerBound + start, change.lines.upperBound + start)
      let lines = change.replacement.map { "\(prefix)\($0)\n" }.joined()
      guard first < lineCount else {
        // Below the last line, which has no end of its own.
        return Diagnostic.Edit(Span(bytes.count, bytes.count), "\n" + lines)
      }
      let from = lineSpan(first).start
      return Diagnostic.Edit(Span(from, end < lineCount ? lineSpan(end).start : bytes.count), lines)
    }
  }
}
