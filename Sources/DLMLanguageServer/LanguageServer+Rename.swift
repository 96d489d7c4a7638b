import DLMFrontend
import DLMSyntax

// Another name for something, everywhere that it is meant and nowhere else.
extension LanguageServer {
  func prepareRename(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    guard let span = analysis.names.name(at: try offset(params, in: analysis.text)) else {
      return .null
    }
    _ = try renamable(span, analysis)
    return [
      "range": range(span, in: analysis.text),
      "placeholder": .string(analysis.text.file.string(span)),
    ]
  }

  func rename(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let analysis = try analysis(of: document)
    guard let new = params["newName"]?.string else {
      throw ResponseError(.invalidParams, "`newName` is missing")
    }
    guard let span = analysis.names.name(at: try offset(params, in: analysis.text)) else {
      throw ResponseError(.requestFailed, "there is no name here")
    }
    let target = try renamable(span, analysis)
    try checkName(new, for: analysis.text.file.string(span))
    var changes: [(IndexedSource, [Diagnostic.Edit])] = []
    for (source, spans) in places(of: target) {
      let edits = spans.map { Diagnostic.Edit($0, new) }
      try checkMeaning(of: source, after: edits, new)
      changes.append((source, edits))
    }
    return workspaceEdit(changes)
  }

  /// What a name means, if it can be called otherwise.
  private func renamable(_ span: Span, _ analysis: Analysis) throws(ResponseError) -> Target {
    let name = analysis.text.file.string(span)
    func refused(_ reason: String) -> ResponseError {
      ResponseError(.requestFailed, "`\(name)` cannot be renamed: \(reason)")
    }
    if analysis.data(ofFieldAt: span) != nil { throw refused("it is a column of data") }
    guard let target = target(ofNameAt: span, in: IndexedSource(analysis), analysis) else {
      throw refused("it is a word of the language, or nothing defines it")
    }
    guard
      preludeIndex.modules[target.source.text.file.fileName]?.tree.file.path
        != target.source.text.file.path
    else { throw refused("it belongs to the prelude") }
    return target
  }

  /// Layers and optimizers begin with a capital, and nothing else must begin to.
  private func checkName(_ new: String, for old: String) throws(ResponseError) {
    let tokens = Lexer.tokens(of: SourceFile(path: "", text: new))
    guard tokens.count == 2, tokens[0].span == Span(0, new.utf8.count),
      tokens[0].kind == .name || tokens[0].kind == .capitalName
    else { throw ResponseError(.requestFailed, "`\(new)` is no name") }
    guard !Words.reserved.contains(new) else {
      throw ResponseError(.requestFailed, "`\(new)` is a word of the language")
    }
    let isCapital = old.first?.isUppercase ?? false
    guard isCapital == (new.first?.isUppercase ?? false) else {
      throw ResponseError(
        .requestFailed,
        isCapital ? "`\(new)` must begin with a capital" : "`\(new)` must not begin with a capital")
    }
  }

  /// Refuses edits after which some name of a file would mean something else.
  private func checkMeaning(
    of source: IndexedSource, after edits: [Diagnostic.Edit], _ new: String
  ) throws(ResponseError) {
    let text = source.text.file.applying(edits)
    let parsed = Parser.parse(SourceFile(path: source.text.file.path, text: text))
    let names = NameTable(parsed.tree)
    let before = source.names.roles.sorted { $0.key.start < $1.key.start }
    let after = names.roles.sorted { $0.key.start < $1.key.start }
    guard before.map(\.value) == after.map(\.value) else {
      throw ResponseError(
        .requestFailed,
        "`\(new)` already means something in `\(source.text.file.fileName)`")
    }
  }

  /// Edits of files in the form that the client takes.
  func workspaceEdit(_ changes: [(IndexedSource, [Diagnostic.Edit])]) -> JSON {
    let all = changes.map { source, edits in
      (
        uri: uri(of: source.text.file),
        edits: JSON.array(
          edits.map {
            ["range": range($0.span, in: source.text), "newText": .string($0.replacement)]
          })
      )
    }
    guard client.takesVersionedEdits else {
      return ["changes": .object(all.map { (name: $0.uri, value: $0.edits) })]
    }
    return [
      "documentChanges": .array(
        all.map { uri, edits in
          [
            "textDocument": [
              "uri": .string(uri),
              "version": documents[uri].map { .integer($0.version) } ?? .null,
            ],
            "edits": edits,
          ]
        })
    ]
  }
}
