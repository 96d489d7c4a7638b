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
    case .json: return JSON.array(diagnostics.map(\.json)).text + "\n"
    case .sarif: return Self.sarif(diagnostics).text + "\n"
    case .github: return diagnostics.map { $0.workflowCommand + "\n" }.joined()
    }
  }

  private static func sarif(_ diagnostics: [Diagnostic]) -> JSON {
    let codes = Set(diagnostics.map(\.code)).sorted()
    let driver: JSON = ["name": "dlm", "rules": .array(codes.map { ["id": .string($0)] })]
    let run: JSON = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
      "results": .array(diagnostics.map(\.sarifResult)),
    ]
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [run],
    ]
  }
}

extension Diagnostic {
  /// Every part of it, places as lines and columns from 1 on.
  fileprivate var json: JSON {
    [
      "severity": .string(severity.rawValue), "code": .string(code), "message": .string(message),
      "at": primary.json, "related": .array(secondary.map(\.json)),
      "notes": .array(
        notes.map { ["title": .string($0.title), "lines": .array($0.lines.map(JSON.string))] }),
      "help": help.map(JSON.string) ?? nil, "fixes": .array(fixes.map(\.json)),
    ]
  }

  fileprivate var sarifResult: JSON {
    let level = severity == .note ? "note" : severity.rawValue
    var text = message
    for note in notes { text += "\n" + ([note.title] + note.lines).joined(separator: "\n") }
    if let help { text += "\nhelp: \(help)" }
    return [
      "ruleId": .string(code), "level": .string(level), "message": ["text": .string(text)],
      "locations": [["physicalLocation": primary.sarifLocation]],
      "relatedLocations": .array(
        secondary.map {
          ["physicalLocation": $0.sarifLocation, "message": ["text": .string($0.text)]]
        }),
    ]
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

  fileprivate var json: JSON {
    let (start, end) = places
    return [
      "file": .string(file.path), "line": .integer(start.line), "column": .integer(start.column),
      "endLine": .integer(end.line), "endColumn": .integer(end.column),
      "start": .integer(span.start), "end": .integer(span.end), "text": .string(text),
    ]
  }

  fileprivate var sarifLocation: JSON {
    let (start, end) = places
    return [
      "artifactLocation": ["uri": .string(file.path)],
      "region": [
        "startLine": .integer(start.line), "startColumn": .integer(start.column),
        "endLine": .integer(end.line), "endColumn": .integer(end.column),
      ],
    ]
  }
}

extension Diagnostic.Fix {
  fileprivate var json: JSON {
    [
      "title": .string(title),
      "edits": .array(
        edits.map {
          [
            "start": .integer($0.span.start), "end": .integer($0.span.end),
            "replacement": .string($0.replacement),
          ]
        }),
    ]
  }
}
