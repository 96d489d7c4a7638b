/// How diagnostics are written: for people, for scripts, for other programs.
package enum DiagnosticFormat: String, CaseIterable, Sendable {
  /// With the lines of the text, carets, the way to a shape and help.
  case human
  /// `file:line:column: error[S012]: message`, a line each.
  case short
  /// An array of objects.
  case json
  /// - Source: OASIS, Static Analysis Results Interchange Format 2.1.0
  case sarif
  /// Commands that a workflow of GitHub shows beside the change.
  case github

  /// All of `diagnostics`; ends with a line break where it is not empty.
  package func text(_ diagnostics: [Diagnostic], usesColor: Bool = false) -> String {
    let renderer = DiagnosticRenderer(usesColor: usesColor)
    switch self {
    case .human: return diagnostics.map { renderer.render($0) }.joined()
    case .short: return diagnostics.map { DiagnosticRenderer().short($0) + "\n" }.joined()
    case .json: return JSONText.array(diagnostics.map(\.json)) + "\n"
    case .sarif: return Self.sarif(diagnostics) + "\n"
    case .github: return diagnostics.map { $0.workflowCommand + "\n" }.joined()
    }
  }

  private static func sarif(_ diagnostics: [Diagnostic]) -> String {
    let codes = Set(diagnostics.map(\.code)).sorted()
    let driver = JSONText.object([
      ("name", JSONText.string("dlm")),
      ("rules", JSONText.array(codes.map { JSONText.object([("id", JSONText.string($0))]) })),
    ])
    let run = JSONText.object([
      ("tool", JSONText.object([("driver", driver)])),
      ("columnKind", JSONText.string("unicodeCodePoints")),
      ("results", JSONText.array(diagnostics.map(\.sarifResult))),
    ])
    return JSONText.object([
      ("$schema", JSONText.string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", JSONText.string("2.1.0")), ("runs", JSONText.array([run])),
    ])
  }
}

/// JSON as text.
enum JSONText {
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  static func object(_ members: [(name: String, value: String)]) -> String {
    "{" + members.map { "\(string($0.name)):\($0.value)" }.joined(separator: ",") + "}"
  }
}

extension Diagnostic {
  /// Every part of it, places as lines and columns from 1 on.
  fileprivate var json: String {
    JSONText.object([
      ("severity", JSONText.string(severity.rawValue)), ("code", JSONText.string(code)),
      ("message", JSONText.string(message)), ("at", primary.json),
      ("related", JSONText.array(secondary.map(\.json))),
      (
        "notes",
        JSONText.array(
          notes.map { note in
            JSONText.object([
              ("title", JSONText.string(note.title)),
              ("lines", JSONText.array(note.lines.map { JSONText.string($0) })),
            ])
          })
      ),
      ("help", help.map { JSONText.string($0) } ?? "null"),
      ("fixes", JSONText.array(fixes.map { $0.json(in: primary.file) })),
    ])
  }

  fileprivate var sarifResult: String {
    let level = severity == .note ? "note" : severity.rawValue
    var text = message
    for note in notes { text += "\n" + ([note.title] + note.lines).joined(separator: "\n") }
    if let help { text += "\nhelp: \(help)" }
    return JSONText.object([
      ("ruleId", JSONText.string(code)), ("level", JSONText.string(level)),
      ("message", JSONText.object([("text", JSONText.string(text))])),
      (
        "locations",
        JSONText.array([JSONText.object([("physicalLocation", primary.sarifLocation)])])
      ),
      (
        "relatedLocations",
        JSONText.array(
          secondary.map { label in
            JSONText.object([
              ("physicalLocation", label.sarifLocation),
              ("message", JSONText.object([("text", JSONText.string(label.text))])),
            ])
          })
      ),
    ])
  }

  /// `::error file=a.dlm,line=3,col=5,title=S012::message`
  fileprivate var workflowCommand: String {
    func escaped(_ text: String, isProperty: Bool) -> String {
      var result = text.replacing("%", with: "%25").replacing("\r", with: "%0D")
        .replacing("\n", with: "%0A")
      if isProperty { result = result.replacing(":", with: "%3A").replacing(",", with: "%2C") }
      return result
    }
    let word = severity == .note ? "notice" : severity.rawValue
    let (start, end) = primary.places
    let file = escaped(primary.file.path, isProperty: true)
    let text = escaped(message + (help.map { "\nhelp: \($0)" } ?? ""), isProperty: false)
    return "::\(word) file=\(file),line=\(start.line),endLine=\(end.line),col=\(start.column),"
      + "endColumn=\(end.column),title=\(code)::\(text)"
  }
}

extension Diagnostic.Label {
  fileprivate var places: (start: (line: Int, column: Int), end: (line: Int, column: Int)) {
    (file.position(at: span.start), file.position(at: span.end))
  }

  fileprivate var json: String {
    let (start, end) = places
    return JSONText.object([
      ("file", JSONText.string(file.path)), ("line", "\(start.line)"),
      ("column", "\(start.column)"),
      ("endLine", "\(end.line)"), ("endColumn", "\(end.column)"),
      ("start", "\(span.start)"), ("end", "\(span.end)"), ("text", JSONText.string(text)),
    ])
  }

  fileprivate var sarifLocation: String {
    let (start, end) = places
    return JSONText.object([
      ("artifactLocation", JSONText.object([("uri", JSONText.string(file.path))])),
      (
        "region",
        JSONText.object([
          ("startLine", "\(start.line)"), ("startColumn", "\(start.column)"),
          ("endLine", "\(end.line)"), ("endColumn", "\(end.column)"),
        ])
      ),
    ])
  }
}

extension Diagnostic.Fix {
  fileprivate func json(in file: SourceFile) -> String {
    JSONText.object([
      ("title", JSONText.string(title)),
      (
        "edits",
        JSONText.array(
          edits.map { edit in
            JSONText.object([
              ("start", "\(edit.span.start)"), ("end", "\(edit.span.end)"),
              ("replacement", JSONText.string(edit.replacement)),
            ])
          })
      ),
    ])
  }
}
