import DLMFrontend
import DLMSyntax

// What could be written at a place, with the shape that results.
extension LanguageServer {
  func completion(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    let offset = try offset(params, in: analysis.text)
    let completion = Completion(
      at: offset, in: analysis.checked,
      Completion.Surroundings(
        entries: { [host] in host.names(in: DocumentURI.resolve($0, in: document.folder)) },
        results: { names, piped in
          self.evaluator(self.files(around: document))
            .results(of: names, behind: piped, in: analysis.tree)
        }))
    let range = range(Span(completion.start, offset), in: analysis.text)
    return [
      "isIncomplete": false, "items": .array(completion.candidates.map { json($0, range) }),
    ]
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
