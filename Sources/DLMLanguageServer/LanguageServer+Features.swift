import DLMSyntax

extension LanguageServer {
  typealias Feature = @Sendable (LanguageServer) -> (JSON) throws(ResponseError) -> JSON

  /// What the server answers while it runs, one row a request.
  static let features: [String: Feature] = [
    "textDocument/hover": LanguageServer.hover,
    "textDocument/inlayHint": LanguageServer.inlayHints,
    "inlayHint/resolve": LanguageServer.resolveInlayHint,
    "textDocument/formatting": LanguageServer.format,
    "textDocument/rangeFormatting": LanguageServer.formatRange,
    "textDocument/diagnostic": LanguageServer.pullDiagnostics,
  ]

  /// What the server can do, for a client that has said what it can do.
  func initialize(_ params: JSON) -> JSON {
    client = ClientCapabilities(params)
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
      "documentFormattingProvider": true,
      "documentRangeFormattingProvider": true,
      "diagnosticProvider": client.pullsDiagnostics
        ? ["identifier": "dlm", "interFileDependencies": true, "workspaceDiagnostics": false]
        : nil,
      "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
    ])
  }
}
