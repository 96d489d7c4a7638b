import DLMSyntax

// The one style there is, as changes of lines.
extension LanguageServer {
  func format(_ params: JSON) throws(ResponseError) -> JSON {
    let text = try document(params).text
    return edits(of: text) { _ in true }
  }

  func formatRange(_ params: JSON) throws(ResponseError) -> JSON {
    let text = try document(params).text
    let span = try span(params["range"], in: text)
    let last = text.lines.line(at: max(span.start, span.end - 1))
    let wanted = text.lines.line(at: span.start)...last
    return edits(of: text) { $0.overlaps(wanted) }
  }

  /// What the formatter changes in the lines that are wanted; nothing in a text with mistakes of form.
  private func edits(of text: IndexedText, _ isWanted: (ClosedRange<Int>) -> Bool) -> JSON {
    guard let new = Formatter.format(text.file), new != text.file.text else { return [] }
    let edits = LineEdit.edits(from: text.file.text, to: new).filter { isWanted($0.touched) }
    return .array(
      edits.map { edit in
        let end: JSON =
          edit.end < text.lines.lineCount
          ? ["line": .integer(edit.end), "character": 0]
          : position(text.file.bytes.count, in: text)
        return [
          "range": ["start": ["line": .integer(edit.start), "character": 0], "end": end],
          "newText": .string(edit.text),
        ]
      })
  }
}

/// Lines that take the place of others.
struct LineEdit {
  /// The first line that goes, and the one behind the last.
  var start: Int
  var end: Int
  var text: String

  /// The lines that a reader would say it changes.
  var touched: ClosedRange<Int> { start...max(start, end - 1) }

  /// The shortest way from one text to another, as runs of lines.
  static func edits(from old: String, to new: String) -> [LineEdit] {
    let a = lines(of: old)
    let b = lines(of: new)
    let difference = b.difference(from: a)
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var edits: [LineEdit] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if !removed.contains(i), !inserted.contains(j) {
        i += 1
        j += 1
        continue
      }
      var edit = LineEdit(start: i, end: i, text: "")
      while removed.contains(i) || inserted.contains(j) {
        if removed.contains(i) {
          i += 1
          edit.end = i
        } else {
          edit.text += b[j]
          j += 1
        }
      }
      edits.append(edit)
    }
    return edits
  }

  /// Lines with their ends; the last may have none.
  private static func lines(of text: String) -> [Substring] {
    var lines: [Substring] = []
    var rest = text[...]
    while let end = rest.firstIndex(where: { $0 == "\n" || $0 == "\r\n" }) {
      lines.append(rest[...end])
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { lines.append(rest) }
    return lines
  }
}
