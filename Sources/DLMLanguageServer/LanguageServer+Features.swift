import DLMSyntax

extension LanguageServer {
  typealias Feature = @Sendable (LanguageServer) -> (JSON) throws(ResponseError) -> JSON

  /// What the server answers while it runs, one row a request.
  static let features: [String: Feature] = [
    "textDocument/hover": LanguageServer.hover,
    "textDocument/inlayHint": LanguageServer.inlayHints,
    "inlayHint/resolve": LanguageServer.resolveInlayHint,
    "textDocument/completion": LanguageServer.completion,
    "textDocument/signatureHelp": LanguageServer.signatureHelp,
    "textDocument/definition": LanguageServer.definition,
    "textDocument/references": LanguageServer.references,
    "textDocument/documentHighlight": LanguageServer.highlights,
    "textDocument/prepareRename": LanguageServer.prepareRename,
    "textDocument/rename": LanguageServer.rename,
    "textDocument/documentSymbol": LanguageServer.documentSymbols,
    "workspace/symbol": LanguageServer.workspaceSymbols,
    "textDocument/foldingRange": LanguageServer.foldingRanges,
    "textDocument/selectionRange": LanguageServer.selectionRanges,
    "textDocument/formatting": LanguageServer.format,
    "textDocument/rangeFormatting": LanguageServer.formatRange,
    "textDocument/semanticTokens/full": LanguageServer.semanticTokens,
    "textDocument/semanticTokens/full/delta": LanguageServer.semanticTokensDelta,
    "textDocument/semanticTokens/range": LanguageServer.semanticTokensInRange,
    "textDocument/codeAction": LanguageServer.codeActions,
    "textDocument/codeLens": LanguageServer.codeLenses,
    "textDocument/documentLink": LanguageServer.documentLinks,
    "textDocument/diagnostic": LanguageServer.pullDiagnostics,
    "workspace/executeCommand": LanguageServer.execute,
    "workspace/textDocumentContent": LanguageServer.content,
  ]

  /// What the server can do, for a client that has said what it can do.
  func initialize(_ params: JSON) -> JSON {
    client = ClientCapabilities(params)
    if let process = params["processId"]?.int { host.end(with: process) }
    let uris =
      (params["workspaceFolders"]?.array ?? []).compactMap { $0["uri"]?.string }
      + [params["rootUri"]?.string].compactMap { $0 }
    for path in uris.compactMap({ DocumentURI.path($0) }) where !folders.contains(path) {
      folders.append(path)
    }
    return [
      "capabilities": capabilities,
      "serverInfo": ["name": "dlm", "version": "0.1.0"],
    ]
  }

  private var capabilities: JSON {
    .members([
      "positionEncoding": .string(encoding.rawValue),
      "textDocumentSync": ["openClose": true, "change": 2],
      "hoverProvider": true,
      "inlayHintProvider": ["resolveProvider": true],
      "completionProvider": ["triggerCharacters": [".", ">", ":", "(", "\"", "/"]],
      "signatureHelpProvider": ["triggerCharacters": ["(", ","], "retriggerCharacters": [":"]],
      "definitionProvider": true,
      "referencesProvider": true,
      "documentHighlightProvider": true,
      "renameProvider": ["prepareProvider": true],
      "documentSymbolProvider": true,
      "workspaceSymbolProvider": true,
      "foldingRangeProvider": true,
      "selectionRangeProvider": true,
      "documentFormattingProvider": true,
      "documentRangeFormattingProvider": true,
      "semanticTokensProvider": [
        "legend": [
          "tokenTypes": .array(SemanticTokens.types.map { .string($0) }),
          "tokenModifiers": .array(SemanticTokens.modifiers.map { .string($0) }),
        ],
        "full": ["delta": true], "range": true,
      ],
      "codeActionProvider": client.takesActions
        ? ["codeActionKinds": ["quickfix", "source.fixAll.dlm"]] : true,
      "codeLensProvider": [:],
      "documentLinkProvider": [:],
      "executeCommandProvider": ["commands": .array(Self.commands.map { .string($0) })],
      "diagnosticProvider": client.pullsDiagnostics
        ? ["identifier": "dlm", "interFileDependencies": true, "workspaceDiagnostics": false]
        : nil,
      "workspace": .members([
        "workspaceFolders": ["supported": true, "changeNotifications": true],
        "textDocumentContent": client.asksForContents ? ["schemes": ["dlm-prelude"]] : nil,
      ]),
    ])
  }
}
