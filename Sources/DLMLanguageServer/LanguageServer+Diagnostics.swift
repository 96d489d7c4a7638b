import DLMFrontend
import DLMSyntax

// What is wrong with a document, told after every change or when the client asks.
extension LanguageServer {
  /// Tells the client what is wrong with a document now.
  func publish(_ document: Document) {
    guard !client.pullsDiagnostics else {
      document.isPublished = true
      return
    }
    // An abandoned check is made again for the text that comes.
    guard let analysis = analyse(document) else { return }
    document.isPublished = true
    notifyClient(
      "textDocument/publishDiagnostics",
      [
        "uri": .string(document.uri), "version": .integer(document.version),
        "diagnostics": .array(diagnostics(of: document, analysis)),
      ])
  }

  func pullDiagnostics(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    return ["kind": "full", "items": .array(diagnostics(of: document, analysis))]
  }

  func diagnostics(of document: Document, _ analysis: Analysis) -> [JSON] {
    isPartOfPrelude(document)
      ? [] : analysis.diagnostics.map { json($0, document, analysis.text) }
  }

  /// Files of the prelude are opened to be read.
  func isPartOfPrelude(_ document: Document) -> Bool {
    preludeFile(of: document.uri) != nil
  }

  func json(_ diagnostic: Diagnostic, _ document: Document, _ text: IndexedText) -> JSON {
    let isHere = diagnostic.primary.file.path == document.path
    var related = diagnostic.secondary
    var message = diagnostic.message
    var place = diagnostic.primary.span
    if !isHere {
      // What is wrong in another file is told where that file is used.
      related.insert(diagnostic.primary, at: 0)
      let (line, column) = diagnostic.primary.file.position(at: place.start)
      message = "\(diagnostic.primary.file.path):\(line):\(column): \(message)"
      place = analysisPlace(ofUse: diagnostic.primary.file.path, document)
    }
    for note in diagnostic.notes {
      related += note.places
      message += "\n" + note.title
      for line in note.lines { message += "\n  " + line }
    }
    if let help = diagnostic.help { message += "\nhelp: \(help)" }
    return .members([
      "range": range(place, in: text),
      "severity": .integer(severity(of: diagnostic)),
      "code": .string(diagnostic.code),
      "source": "dlm",
      "message": .string(message),
      "tags": diagnostic.code == "W041" ? [1] : nil,
      "relatedInformation": client.takesRelated && !related.isEmpty
        ? .array(related.map { self.related($0, document) }) : nil,
    ])
  }

  /// Error, warning, information, hint; a file that is not there yet is no more than a hint.
  private func severity(of diagnostic: Diagnostic) -> Int {
    switch diagnostic.severity {
    case .error: diagnostic.isAboutMissingFile ? 4 : 1
    case .warning: 2
    case .note: 3
    }
  }

  private func related(_ label: Diagnostic.Label, _ document: Document) -> JSON {
    let text = label.file.path == document.path ? document.text : IndexedText(label.file)
    return [
      "location": ["uri": .string(uri(of: label.file)), "range": range(label.span, in: text)],
      "message": .string(label.text.isEmpty ? "here" : label.text),
    ]
  }

  /// The `use` that brought a file in.
  private func analysisPlace(ofUse path: String, _ document: Document) -> Span {
    guard let analysis = document.analysis else { return Span(0, 0) }
    let uses = analysis.tree.uses
    let direct = uses.first { DocumentURI.resolve($0.path, in: document.folder) == path }
    return (direct ?? uses.first)?.span ?? Span(0, 0)
  }

  /// The address under which a client knows a file.
  func uri(of file: SourceFile) -> String {
    if let document = documents.values.first(where: { $0.path == file.path }) {
      return document.uri
    }
    return preludeURI(of: file) ?? DocumentURI.file(file.path)
  }
}

extension Tree {
  /// Files that `use` names, with the places of their names.
  var uses: [(path: String, span: Span)] {
    items.compactMap { item in
      guard case .declaration(let declaration) = item, case .use(let id) = declaration.kind,
        case .string(let parts) = self[id], case .text(let path)? = parts.first
      else { return nil }
      return (path, span(id))
    }
  }
}
