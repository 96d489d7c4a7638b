/// A range of UTF-8 offsets in one source file.
package struct Span: Hashable, Sendable {
  package var start: Int
  package var end: Int

  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  package init(_ range: Range<Int>) { self.init(range.lowerBound, range.upperBound) }

  /// From the start of this span to the end of `other`.
  package func union(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}

/// A text with a name, and where its lines begin. A class, so that every place in it shares it.
package final class SourceFile: Sendable {
  /// As it is shown to people; it need not exist.
  package let path: String
  package let text: String
  /// The UTF-8 code units of `text`.
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(path: String, text: String) {
    self.path = path
    self.text = text
    let bytes = Array(text.utf8)
    self.bytes = bytes
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  package var lineCount: Int { lineStarts.count }

  /// Line of `offset`, counted from 0; an offset past the end is on the last line.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Line and column of `offset`, both counted from 1; a column is a character as a reader counts them.
  package func position(at offset: Int) -> (line: Int, column: Int) {
    let line = line(at: offset)
    return (line + 1, string(Span(lineStarts[line], min(offset, bytes.count))).count + 1)
  }

  /// Offsets of line `line`, counted from 0, without its line break.
  package func lineSpan(_ line: Int) -> Span {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, end)
  }

  /// The text of `span`; bytes that are cut characters come out as replacement characters.
  package func string(_ span: Span) -> String {
    let end = min(max(span.end, 0), bytes.count)
    let start = min(max(span.start, 0), end)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The text after `edits`, which do not overlap.
  package func applying(_ edits: [Diagnostic.Edit]) -> String {
    var changed = bytes
    for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
      changed.replaceSubrange(edit.span.start..<edit.span.end, with: edit.replacement.utf8)
    }
    return String(decoding: changed, as: UTF8.self)
  }
}
