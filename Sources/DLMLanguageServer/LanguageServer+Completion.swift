import DLMFrontend
import DLMSyntax

// What could be written at a place, with the shape that results.
extension LanguageServer {
  func completion(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let offset = try offset(params, in: document.text)
    let analysis = try self.analysis(of: document, closedAt: offset)
    let evaluator = evaluator(files(around: document))
    defer { evaluator.forgetScopes() }
    let completion = Completion(
      at: offset, in: analysis.checked,
      Completion.Surroundings(
        entries: { [host] in host.names(in: DocumentURI.resolve($0, in: document.folder)) },
        results: { evaluator.results(of: $0, behind: $1, in: analysis.tree) },
        filled: { evaluator.filled($0, in: analysis.checked.frame) }))
    let range = range(Span(completion.start, offset), in: document.text)
    return [
      "isIncomplete": false, "items": .array(completion.candidates.map { json($0, range) }),
    ]
  }

  /// What is known of the text with the brackets closed that are open at a place.
  private func analysis(of document: Document, closedAt offset: Int) throws(ResponseError)
    -> Analysis
  {
    let file = document.text.file
    let closed = file.closed(at: offset)
    guard closed.bytes.count > file.bytes.count else { return try analysis(of: document) }
    let files = files(around: document)
    let found = Analysis(IndexedText(closed), evaluator(files), files) { [isOutdated] in
      isOutdated(document.uri)
    }
    guard let found else {
      throw ResponseError(.contentModified, "the document has been changed since")
    }
    return found
  }

  private func json(_ candidate: Completion.Candidate, _ range: JSON) -> JSON {
    .members([
      "label": .string(candidate.name), "kind": .integer(candidate.kind.number),
      "detail": candidate.detail.isEmpty ? nil : .string(candidate.detail),
      "sortText": .string("\(candidate.rank.rawValue)\(candidate.name)"),
      "documentation": candidate.documentation.isEmpty
        ? nil : ["kind": "markdown", "value": .string(candidate.documentation)],
      "textEdit": ["range": range, "newText": .string(candidate.text)],
    ])
  }
}

extension Completion.Kind {
  /// - Source: Language Server Protocol 3.17, CompletionItemKind
  fileprivate var number: Int {
    switch self {
    case .function, .schedule: 3
    case .field: 5
    case .variable: 6
    case .layer, .optimizer: 7
    case .data: 9
    case .option, .part: 10
    case .keyword, .command: 14
    case .file: 17
    case .constant: 21
    case .dim, .type: 25
    }
  }
}
