import DLMFrontend
import DLMSyntax

/// Answers the messages of one client, one after the other.
///
/// - Source: Language Server Protocol 3.17
package final class LanguageServer {
  private enum State { case new, running, shutDown }

  let host: any ServerHost
  /// Sends a message to the client.
  private let send: (JSON) -> Void
  /// Whether what is being found out about a document is no longer wanted.
  var isOutdated: (_ uri: String) -> Bool = { _ in false }

  let prelude = Prelude()
  let preludeIndex: PreludeIndex
  let memory = CallMemory()
  var freeMemory = FreeMemory()
  private var state = State.new
  /// What the process ends with once the client has said that it should.
  package private(set) var exitStatus: Int32?

  var client = ClientCapabilities(nil)
  var encoding: PositionEncoding { client.encoding }
  var documents: [String: Document] = [:]
  /// Folders that the client works in.
  var folders: [String] = []
  private var requestCount = 0
  /// Programs that are not open, as they were read last.
  var sources: [String: IndexedSource] = [:]
  var preludeSources: [String: IndexedSource] = [:]
  /// Programs of a workspace that are looked through.
  static let mostSources = 1000

  package init(host: any ServerHost, send: @escaping (JSON) -> Void) {
    self.host = host
    self.send = send
    preludeIndex = PreludeIndex(prelude)
  }

  // MARK: Messages

  func receive(_ message: Incoming) {
    switch message {
    case .request(let id, let method, let params):
      let answer: JSON
      do throws(ResponseError) {
        answer = .members([
          "jsonrpc": "2.0", "id": id.json, "result": try result(of: method, params),
        ])
      } catch {
        answer = Self.failure(id, error)
      }
      send(answer)
    case .notification(let method, let params): notify(method, params)
    case .response: break
    case .malformed(let id, let code, let reason):
      send(Self.failure(id, ResponseError(code, reason)))
    }
  }

  /// Refuses a request that the client has taken back.
  func cancel(_ id: RequestID) {
    send(Self.failure(id, ResponseError(.requestCancelled, "the client has cancelled this")))
  }

  private static func failure(_ id: RequestID?, _ error: ResponseError) -> JSON {
    [
      "jsonrpc": "2.0", "id": id?.json ?? .null,
      "error": ["code": .integer(error.code.rawValue), "message": .string(error.message)],
    ]
  }

  func notifyClient(_ method: String, _ params: JSON) {
    send(["jsonrpc": "2.0", "method": .string(method), "params": params])
  }

  /// Asks the client for something whose answer nothing waits for.
  func request(_ method: String, _ params: JSON) {
    requestCount += 1
    send([
      "jsonrpc": "2.0", "id": .string("dlm-\(requestCount)"), "method": .string(method),
      "params": params,
    ])
  }

  private func result(of method: String, _ params: JSON) throws(ResponseError) -> JSON {
    switch (method, state) {
    case ("initialize", .new):
      state = .running
      return initialize(params)
    case ("initialize", _):
      throw ResponseError(.invalidRequest, "the server has been initialized")
    case (_, .new):
      throw ResponseError(.notInitialized, "`initialize` comes first")
    case (_, .shutDown):
      throw ResponseError(.invalidRequest, "the server has been shut down")
    case ("shutdown", .running):
      state = .shutDown
      return .null
    case (_, .running):
      guard let feature = Self.features[method] else {
        throw ResponseError(.methodNotFound, "there is no method `\(method)`")
      }
      return try feature(self)(params)
    }
  }

  private func notify(_ method: String, _ params: JSON) {
    if method == "exit" {
      exitStatus = state == .shutDown ? 0 : 1
      return
    }
    guard state == .running else { return }
    switch method {
    case "initialized": watchFiles()
    case "textDocument/didOpen": open(params)
    case "textDocument/didChange": change(params)
    case "textDocument/didClose": close(params)
    case "textDocument/didSave": break
    case "workspace/didChangeWatchedFiles": filesChanged(params)
    case "workspace/didChangeWorkspaceFolders": foldersChanged(params)
    default: break
    }
  }

  // MARK: Work that waits

  /// Whether some document has been changed and not yet been looked at, or something is to be let go.
  var hasWork: Bool { documents.values.contains { !$0.isPublished || $0.outdated != nil } }

  /// Checks one document that has been changed and tells what was found; lets go of what is outdated.
  func work() {
    if let document = documents.values.first(where: { !$0.isPublished }) {
      return publish(document)
    }
    for document in documents.values { document.outdated = nil }
    freeMemory.checkHasEnded(memory)
  }

  // MARK: Documents

  /// What is known about the text of a document now.
  ///
  /// - Throws: `contentModified` where a change of it waits, so that the answer would be of no use.
  func analysis(of document: Document) throws(ResponseError) -> Analysis {
    guard let analysis = analyse(document) else {
      throw ResponseError(.contentModified, "the document has been changed since")
    }
    return analysis
  }

  func analyse(_ document: Document) -> Analysis? {
    if let analysis = document.analysis { return analysis }
    let files = files(around: document)
    document.analysis = Analysis(document.text, evaluator(files), files) { [isOutdated] in
      isOutdated(document.uri)
    }
    if !client.watchesFiles { noteStamps(of: document) }
    return document.analysis
  }

  /// Programs and data as they are found from the folder of a document.
  func files(around document: Document) -> OpenFiles {
    OpenFiles(host.provider(folder: document.folder), folder: document.folder) { [documents] path in
      documents.values.first { $0.path == path }?.text.file.text
    }
  }

  /// Checks programs; what calls of the prelude have given before is known to it.
  func evaluator(_ files: OpenFiles) -> Evaluator {
    let evaluator = Evaluator(prelude: prelude, provider: files)
    evaluator.memory = memory
    return evaluator
  }

  func document(_ params: JSON) throws(ResponseError) -> Document {
    guard let uri = params["textDocument"]?["uri"]?.string else {
      throw ResponseError(.invalidParams, "`textDocument.uri` is missing")
    }
    guard let document = documents[uri] else {
      throw ResponseError(.invalidParams, "`\(uri)` is not open")
    }
    return document
  }

  func position(_ json: JSON?) throws(ResponseError) -> Position {
    guard let line = json?["line"]?.int, let column = json?["character"]?.int else {
      throw ResponseError(.invalidParams, "a position has `line` and `character`")
    }
    return Position(line: line, column: column)
  }

  /// The offset that a request is about.
  func offset(_ params: JSON, in text: IndexedText) throws(ResponseError) -> Int {
    text.lines.offset(of: try position(params["position"]), encoding)
  }

  func span(_ range: JSON?, in text: IndexedText) throws(ResponseError) -> Span {
    let start = text.lines.offset(of: try position(range?["start"]), encoding)
    let end = text.lines.offset(of: try position(range?["end"]), encoding)
    return Span(min(start, end), max(start, end))
  }

  func range(_ span: Span, in text: IndexedText) -> JSON {
    ["start": position(span.start, in: text), "end": position(span.end, in: text)]
  }

  func position(_ offset: Int, in text: IndexedText) -> JSON {
    let position = text.lines.position(of: offset, encoding)
    return ["line": .integer(position.line), "character": .integer(position.column)]
  }
}
