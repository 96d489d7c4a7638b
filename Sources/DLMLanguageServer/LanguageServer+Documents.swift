import DLMSyntax

// Documents as the client opens, changes and closes them. A notification has no answer: one that makes no
// sense changes nothing.
extension LanguageServer {
  func open(_ params: JSON) {
    guard let item = params["textDocument"], let uri = item["uri"]?.string,
      let text = item["text"]?.string
    else { return }
    documents[uri] = Document(uri: uri, version: item["version"]?.int ?? 0, text: text)
    invalidateUsers(of: uri)
  }

  func change(_ params: JSON) {
    guard let uri = params["textDocument"]?["uri"]?.string, let document = documents[uri] else {
      return
    }
    for change in params["contentChanges"]?.array ?? [] {
      guard let text = change["text"]?.string else { continue }
      if let range = change["range"], range.isObject {
        guard let start = try? position(range["start"]), let end = try? position(range["end"])
        else { continue }
        document.change(from: start, to: end, by: text, encoding)
      } else {
        document.replace(by: text)
      }
    }
    document.setVersion(params["textDocument"]?["version"]?.int ?? document.version)
    invalidateUsers(of: uri)
  }

  func close(_ params: JSON) {
    guard let uri = params["textDocument"]?["uri"]?.string,
      let document = documents.removeValue(forKey: uri)
    else { return }
    if !client.pullsDiagnostics {
      notifyClient(
        "textDocument/publishDiagnostics", ["uri": .string(document.uri), "diagnostics": []])
    }
    invalidateUsers(of: uri)
  }

  /// Files that use a document stand on what it says now.
  private func invalidateUsers(of uri: String) {
    let path = DocumentURI.path(uri) ?? uri
    for document in documents.values where document.analysis?.used.contains(path) ?? false {
      document.invalidate()
    }
  }

  // MARK: Files

  /// Asks to be told when programs, data or weights change.
  func watchFiles() {
    guard client.watchesFiles else { return }
    request(
      "client/registerCapability",
      [
        "registrations": [
          [
            "id": "dlm-files", "method": "workspace/didChangeWatchedFiles",
            "registerOptions": ["watchers": [["globPattern": "**/*"]]],
          ]
        ]
      ])
  }

  /// What was read from files may be different now.
  func filesChanged(_ params: JSON) {
    let changed = (params["changes"]?.array ?? []).compactMap { $0["uri"]?.string }
    // What is open is known better from the client.
    guard changed.contains(where: { documents[$0] == nil }) else { return }
    for document in documents.values { document.invalidate() }
    refresh()
  }

  /// Whether files have to be looked at from time to time: the client tells nothing of them.
  var looksAtFiles: Bool { documents.values.contains { !$0.stamps.isEmpty } }

  func noteStamps(of document: Document) {
    // What is open is known better from the client.
    let paths = (document.analysis?.read ?? []).filter { path in
      !documents.values.contains { $0.path == path }
    }
    document.stamps = Dictionary(paths.map { ($0, host.stamp(of: $0)) }) { first, _ in first }
  }

  /// Looks whether files that documents stand on have changed.
  func lookAtFiles() {
    let outdated = documents.values.filter { document in
      document.stamps.contains { path, stamp in host.stamp(of: path) != stamp }
    }
    guard !outdated.isEmpty else { return }
    for document in outdated { document.invalidate() }
    refresh()
  }

  private func refresh() {
    if client.refreshesHints { request("workspace/inlayHint/refresh", .null) }
    if client.refreshesDiagnostics { request("workspace/diagnostic/refresh", .null) }
  }

  func foldersChanged(_ params: JSON) {
    let removed = (params["event"]?["removed"]?.array ?? []).compactMap { $0["uri"]?.string }
    let added = (params["event"]?["added"]?.array ?? []).compactMap { $0["uri"]?.string }
    folders.removeAll { removed.compactMap { DocumentURI.path($0) }.contains($0) }
    folders += added.compactMap { DocumentURI.path($0) }
  }
}
