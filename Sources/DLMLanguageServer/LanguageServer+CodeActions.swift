import DLMFrontend
import DLMSyntax

// What the checker knows to do about what it found.
extension LanguageServer {
  func codeActions(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let range = try span(params["range"], in: analysis.text)
    let only = params["context"]?["only"]?.array?.compactMap(\.string)
    func isWanted(_ kind: String) -> Bool {
      only.map { $0.contains { kind == $0 || kind.hasPrefix($0 + ".") } } ?? true
    }
    let here = analysis.diagnostics.filter { $0.primary.file.path == document.path }
    var actions: [JSON] = []
    if isWanted("quickfix") {
      for diagnostic in here where diagnostic.primary.span.touches(range) {
        for fix in diagnostic.fixes {
          actions.append(action(fix, for: diagnostic, document, analysis))
        }
      }
    }
    let all = here.certainEdits
    if isWanted("source.fixAll.dlm"), !all.isEmpty {
      actions.append([
        "title": "fix all that is certain", "kind": "source.fixAll.dlm",
        "edit": workspaceEdit([(IndexedSource(analysis), all)]),
      ])
    }
    return .array(actions)
  }

  private func action(
    _ fix: Diagnostic.Fix, for diagnostic: Diagnostic, _ document: Document, _ analysis: Analysis
  ) -> JSON {
    [
      "title": .string(fix.title), "kind": "quickfix",
      "isPreferred": .bool(diagnostic.fixes.count == 1),
      "diagnostics": [json(diagnostic, document, analysis.text)],
      "edit": workspaceEdit([(IndexedSource(analysis), fix.edits)]),
    ]
  }
}

extension Span {
  /// Whether two places share something, if only an end.
  func touches(_ other: Span) -> Bool { start <= other.end && other.start <= end }
}

extension [Diagnostic] {
  /// Edits of all fixes that there is only one of, as far as they do not meet.
  fileprivate var certainEdits: [Diagnostic.Edit] {
    var edits: [Diagnostic.Edit] = []
    for diagnostic in self where diagnostic.fixes.count == 1 {
      let new = diagnostic.fixes[0].edits
      let meets = new.contains { edit in edits.contains { $0.span.touches(edit.span) } }
      if !meets { edits += new }
    }
    return edits
  }
}
