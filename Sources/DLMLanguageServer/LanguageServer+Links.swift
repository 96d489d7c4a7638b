import DLMFrontend
import DLMSyntax

// Names of files in the text, as ways to the files.
extension LanguageServer {
  func documentLinks(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    return .array(
      analysis.tree.paths.compactMap { path, span in
        let whole = DocumentURI.resolve(path, in: document.folder)
        guard host.exists(whole) else { return nil }
        // Without the quotes.
        return [
          "range": range(
            Span(span.start + 1, max(span.start + 1, span.end - 1)), in: analysis.text),
          "target": .string(DocumentURI.file(whole)),
        ]
      })
  }
}

extension Tree {
  /// Paths of programs, data and weights, with the places of their strings.
  fileprivate var paths: [(path: String, span: Span)] {
    var found = uses
    for id in expressionIDs {
      guard case .call(let callee, let arguments) = self[id], case .name(let name) = self[callee],
        Evaluator.dataKinds.contains(name)
      else { continue }
      found += arguments.compactMap { path($0.value) }
    }
    for statement in statements {
      guard case .bind(let bindings, _) = statement.kind else { continue }
      found += bindings.compactMap { $0.source.flatMap { path($0) } }
    }
    return found
  }

  private func path(_ id: ExpressionID) -> (path: String, span: Span)? {
    guard case .string(let parts) = self[id], parts.count == 1, case .text(let text) = parts[0]
    else { return nil }
    return (text, span(id))
  }
}
