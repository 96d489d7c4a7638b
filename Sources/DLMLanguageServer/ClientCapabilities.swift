import DLMSyntax

/// What a client has said that it can do.
struct ClientCapabilities {
  var encoding = PositionEncoding.utf16
  /// Whether it asks for diagnostics itself.
  var pullsDiagnostics = false
  var watchesFiles = false
  var refreshesHints = false
  var refreshesDiagnostics = false
  /// Whether it asks for the texts of addresses that are no files.
  var asksForContents = false
  /// Whether it takes outlines as trees.
  var takesSymbolTrees = false
  /// Whether it takes edits with the version of the document.
  var takesVersionedEdits = false
  var takesMarkdown = false
  var takesSnippets = false
  /// Whether it takes code actions that are no commands.
  var takesActions = false
  var takesDefinitionLinks = false
  /// Whether related places may come with a diagnostic.
  var takesRelated = false

  init(_ params: JSON?) {
    let all = params?["capabilities"]
    let text = all?["textDocument"]
    let workspace = all?["workspace"]
    let offered = (all?["general"]?["positionEncodings"]?.array ?? []).compactMap(\.string)
    encoding =
      offered.contains("utf-8")
      ? .utf8 : offered.lazy.compactMap(PositionEncoding.init).first ?? .utf16
    pullsDiagnostics = text?["diagnostic"]?.isObject ?? false
    watchesFiles = workspace?["didChangeWatchedFiles"]?["dynamicRegistration"]?.bool ?? false
    refreshesHints = workspace?["inlayHint"]?["refreshSupport"]?.bool ?? false
    refreshesDiagnostics = workspace?["diagnostics"]?["refreshSupport"]?.bool ?? false
    asksForContents = workspace?["textDocumentContent"]?.isObject ?? false
    takesSymbolTrees =
      text?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.bool ?? false
    takesVersionedEdits = workspace?["workspaceEdit"]?["documentChanges"]?.bool ?? false
    let formats = text?["hover"]?["contentFormat"]?.array ?? []
    takesMarkdown = formats.contains { $0.string == "markdown" }
    takesSnippets = text?["completion"]?["completionItem"]?["snippetSupport"]?.bool ?? false
    takesActions = text?["codeAction"]?["codeActionLiteralSupport"]?.isObject ?? false
    takesDefinitionLinks = text?["definition"]?["linkSupport"]?.bool ?? false
    takesRelated = text?["publishDiagnostics"]?["relatedInformation"]?.bool ?? false
  }
}
