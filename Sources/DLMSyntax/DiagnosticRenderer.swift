/// Draws diagnostics for a terminal; the only place that knows how they look.
package struct DiagnosticRenderer: Sendable {
  /// Whether to use the terminal's colours.
  package var usesColor: Bool
  /// Columns from one tab stop to the next.
  private let tabWidth = 4
  /// Bytes of a line that are shown at most.
  private static let longestLine = 240

  package init(usesColor: Bool = false) { self.usesColor = usesColor }

  /// `file:line:column: error[S012]: message`, for editors and scripts.
  package func short(_ diagnostic: Diagnostic) -> String {
    "\(place(of: diagnostic.primary)): \(title(of: diagnostic))"
  }

  /// The message, the lines that it is about with carets under them, notes and help; ends with a line
  /// break.
  package func render(_ diagnostic: Diagnostic) -> String {
    let labels = [diagnostic.primary] + diagnostic.secondary
    let width = labels.map { String($0.file.position(at: $0.span.start).line).count }.max() ?? 1
    let margin = String(repeating: " ", count: width + 1)
    var lines = [styled(title(of: diagnostic), diagnostic.severity)]
    var paths: [String] = []
    for label in labels where !paths.contains(label.file.path) {
      paths.append(label.file.path)
      lines.append("\(margin)┌─ \(place(of: label))")
      lines += excerpt(
        labels.filter { $0.file.path == label.file.path }, of: diagnostic, width: width)
    }
    for note in diagnostic.notes {
      lines.append("\(margin)= \(note.title)")
      lines += note.lines.map { "\(margin)    \($0)" }
    }
    if let help = diagnostic.help {
      let count = diagnostic.fixes.count
      let offer = count == 0 ? "" : count == 1 ? "   [fix available]" : "   [\(count) fixes]"
      lines.append("\(margin)help: \(help)\(offer)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func title(of diagnostic: Diagnostic) -> String {
    // A message shows names and values of the program, however long they are.
    let message = diagnostic.message
    let shown = message.utf8.count > 2000 ? "\(message.prefix(500))..." : message
    return "\(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(shown)"
  }

  private func place(of label: Diagnostic.Label) -> String {
    let (line, column) = label.file.position(at: label.span.start)
    return "\(label.file.path):\(line):\(column)"
  }

  /// The labelled lines of one file in order, each with a row for every label on it.
  private func excerpt(_ labels: [Diagnostic.Label], of diagnostic: Diagnostic, width: Int)
    -> [String]
  {
    let margin = String(repeating: " ", count: width + 1)
    var rows: [String] = []
    var previous: (line: Int, shown: Span)?
    let ordered = labels.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
    for label in ordered {
      let line = label.file.line(at: label.span.start)
      let shown = shownPart(of: label.file.lineSpan(line), around: label)
      if line != previous?.line || shown != previous?.shown {
        if let previous, line > previous.line + 1 { rows.append("\(margin)·") }
        let number = String(line + 1)
        let padding = String(repeating: " ", count: width - number.count)
        rows.append("\(padding)\(number) │ \(expanded(label.file.string(shown)))")
      }
      previous = (line, shown)
      let isPrimary = label.span == diagnostic.primary.span
      rows.append("\(margin)│ \(marks(label, shown, isPrimary ? "^" : "-", diagnostic.severity))")
    }
    return rows
  }

  /// The line, or of one that nobody wants to read whole what stands around the label.
  private func shownPart(of line: Span, around label: Diagnostic.Label) -> Span {
    guard line.end - line.start > Self.longestLine else { return line }
    let bytes = label.file.bytes
    func boundary(_ offset: Int) -> Int {
      var offset = offset
      while offset > line.start, offset < line.end, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      return offset
    }
    let start = max(line.start, min(label.span.start, line.end) - Self.longestLine / 3)
    return Span(boundary(start), boundary(min(line.end, start + Self.longestLine)))
  }

  /// Carets or dashes below the part of the label that is on its first line, then its words.
  private func marks(
    _ label: Diagnostic.Label, _ line: Span, _ mark: Character, _ severity: Diagnostic.Severity
  ) -> String {
    let start = min(label.span.start, line.end)
    let before = expanded(label.file.string(Span(line.start, start)))
    let through = expanded(label.file.string(Span(line.start, min(label.span.end, line.end))))
    let indent = columns(before)
    let underline = String(repeating: mark, count: max(1, columns(through) - indent))
    let words = label.text.isEmpty ? "" : " \(label.text)"
    return String(repeating: " ", count: indent)
      + styled(underline + words, mark == "^" ? severity : .note)
  }

  /// Tabs as spaces up to the next stop; characters that would move a terminal's cursor as dots.
  private func expanded(_ text: String) -> String {
    var result = ""
    var column = 0
    for character in text {
      if character == "\t" {
        let count = tabWidth - column % tabWidth
        result += String(repeating: " ", count: count)
        column += count
      } else {
        result.append(character.isControl ? "·" : character)
        column += cells(character)
      }
    }
    return result
  }

  /// How many cells of a terminal `text` takes.
  private func columns(_ text: String) -> Int { text.reduce(0) { $0 + cells($1) } }

  /// Two for the wide characters of East Asian scripts and for pictures, else one.
  /// - Source: Unicode Standard Annex 11, East Asian Width.
  private func cells(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first?.value else { return 0 }
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  private func styled(_ text: String, _ severity: Diagnostic.Severity) -> String {
    guard usesColor else { return text }
    let code =
      switch severity {
      case .error: "1;31"
      case .warning: "1;33"
      case .note: "1;34"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

extension Character {
  fileprivate var isControl: Bool {
    unicodeScalars.allSatisfy { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
  }
}
