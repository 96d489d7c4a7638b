import DLMFrontend
import DLMShapes
import DLMSyntax
import Testing

@testable import DLMLanguageServer

/// Files that are only texts in memory, and data of which only headers are known.
final class MemoryHost: ServerHost {
  var files: [String: String] = [:]
  /// Images of each data set that there is, by its path.
  var images: [String: [Int]] = ["data/mnist": [1, 28, 28]]
  var weights: [String: [(name: String, dims: [Int])]] = [:]
  /// Data sets that were asked for.
  private(set) var reads = 0

  func provider(folder: String) -> any DataProvider { MemoryData(self, folder) }
  func text(of path: String) -> String? { files[path] }
  func exists(_ path: String) -> Bool { files[path] != nil }
  /// How often each file has been written.
  var writes: [String: Int] = [:]
  func stamp(of path: String) -> Int? { files[path].map { _ in 0 } ?? writes[path] }
  func programs(below folder: String) -> [String] {
    files.keys.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".dlm") }.sorted()
  }
  func names(in folder: String) -> [String] {
    let inside = files.keys.filter { $0.hasPrefix(folder + "/") }
      .map { $0.dropFirst(folder.count + 1) }
    let names = inside.compactMap { path in
      path.split(separator: "/").first.map { String($0) + (path.contains("/") ? "/" : "") }
    }
    return Set(names).sorted()
  }
  /// Processes whose end would be that of the server.
  private(set) var owners: [Int] = []
  func end(with process: Int) { owners.append(process) }
  func preludeFile(_ name: String, _ text: String) -> String? {
    files["/cache/prelude/\(name)"] = text
    return "/cache/prelude/\(name)"
  }

  fileprivate final class MemoryData: DataProvider {
    let host: MemoryHost
    let folder: String

    init(_ host: MemoryHost, _ folder: String) {
      self.host = host
      self.folder = folder
    }

    func dataset(_ request: DataRequest, symbols: (String) -> Symbol) throws -> Dataset {
      host.reads += 1
      guard let path = request.path, let image = host.images[path] else {
        throw DataProblem("there is no folder `\(request.path ?? "")`", isMissing: true)
      }
      let dims = zip(["C", "H", "W"], image).map { (dim: Dim(symbols($0)), size: $1) }
      return Dataset(
        name: request.name,
        fields: [
          .init(
            name: "image", type: TensorType(.u8, dims.map(\.dim)),
            source: "image of `\(request.name)`"),
          .init(
            name: "label", type: TensorType(.index(10), []), source: "label of `\(request.name)`"),
        ],
        counts: [("train", 600), ("test", 100)],
        facts: dims.map { .equal($0.dim, Dim($0.size)) }, content: 0)
    }

    func split(_ dataset: Dataset, into parts: [(name: String, share: Double)], seed: UInt64) {
      dataset.counts = parts.map { ($0.name, 1) }
    }

    func windows(
      of split: DataSplit, length: Int, stride: Int, symbols: (String) -> Symbol
    ) throws -> DataSplit {
      split
    }

    func weights(_ path: String) throws -> [(name: String, dims: [Int])] {
      guard let found = host.weights[path] else {
        throw DataProblem("there is no file `\(path)`", isMissing: true)
      }
      return found
    }

    func picture(_ path: String) throws -> (height: Int, width: Int) {
      throw DataProblem("there is no file `\(path)`", isMissing: true)
    }

    func program(_ path: String) throws -> SourceFile {
      guard let text = host.files[DocumentURI.resolve(path, in: folder)] else {
        throw DataProblem("there is no file `\(path)`", isMissing: true)
      }
      return SourceFile(path: path, text: text)
    }

    func dataset(
      _ name: String, rows: [(name: String, values: [Double], type: TensorType)]
    ) throws -> Dataset {
      Dataset(
        name: name,
        fields: rows.map {
          .init(
            name: $0.name, type: TensorType($0.type.kind, Array($0.type.dims.dropFirst())),
            source: "\($0.name) of `\(name)`")
        },
        counts: [("", rows.first?.type.dims.first?.constant ?? 0)], facts: [], content: 0)
    }
  }
}

/// A client in the same process, whose messages go through the server's own reader.
final class TestClient {
  let host = MemoryHost()
  private(set) var server: LanguageServer
  private let received = Received()
  private var count = 0

  private final class Received {
    var messages: [JSON] = []
  }

  /// Everything that a client of today can do.
  static let modern: JSON = [
    "general": ["positionEncodings": ["utf-16"]],
    "textDocument": [
      "publishDiagnostics": ["relatedInformation": true],
      "hover": ["contentFormat": ["markdown", "plaintext"]],
      "documentSymbol": ["hierarchicalDocumentSymbolSupport": true],
      "codeAction": ["codeActionLiteralSupport": [:]],
      "completion": ["completionItem": ["snippetSupport": true]],
    ],
    "workspace": [
      "workspaceEdit": ["documentChanges": true],
      "didChangeWatchedFiles": ["dynamicRegistration": true],
    ],
  ]

  init(initialized capabilities: JSON? = TestClient.modern) {
    let received = received
    server = LanguageServer(host: host) { received.messages.append($0) }
    guard let capabilities else { return }
    _ = request("initialize", ["rootUri": "file:///programs", "capabilities": capabilities])
    notify("initialized", [:])
  }

  func send(_ message: JSON) { server.receive(Incoming(parsing: message.bytes)) }

  /// The whole answer to a request.
  func answer(_ method: String, _ params: JSON = .null) -> JSON {
    count += 1
    send([
      "jsonrpc": "2.0", "id": .integer(count), "method": .string(method), "params": params,
    ])
    return received.messages.last { $0["id"]?.int == count } ?? .null
  }

  func request(_ method: String, _ params: JSON = .null) -> JSON {
    answer(method, params)["result"] ?? .null
  }

  func notify(_ method: String, _ params: JSON = .null) {
    send(["jsonrpc": "2.0", "method": .string(method), "params": params])
  }

  var messages: [JSON] { received.messages }

  // MARK: Documents

  static let uri = "file:///programs/main.dlm"

  func open(_ text: String, _ uri: String = TestClient.uri) {
    notify(
      "textDocument/didOpen",
      [
        "textDocument": [
          "uri": .string(uri), "languageId": "dlm", "version": 1, "text": .string(text),
        ]
      ])
  }

  func change(_ changes: JSON, version: Int, _ uri: String = TestClient.uri) {
    notify(
      "textDocument/didChange",
      [
        "textDocument": ["uri": .string(uri), "version": .integer(version)],
        "contentChanges": changes,
      ])
  }

  /// What was published last of a document.
  func published(_ uri: String = TestClient.uri) -> JSON? {
    while server.hasWork { server.work() }
    return messages.last {
      $0["method"]?.string == "textDocument/publishDiagnostics"
        && $0["params"]?["uri"]?.string == uri
    }?["params"]
  }

  func diagnostics(_ uri: String = TestClient.uri) -> [JSON] {
    published(uri)?["diagnostics"]?.array ?? []
  }

  /// Asks about the place of `mark` in the document, `offset` characters behind its beginning.
  func ask(
    _ method: String, at mark: String, _ offset: Int = 0, _ uri: String = TestClient.uri,
    _ more: KeyValuePairs<String, JSON> = [:]
  ) -> JSON {
    guard let document = server.documents[uri], let place = document.text.file.text.range(of: mark)
    else {
      Issue.record("the document has `\(mark)`")
      return .null
    }
    let text = document.text.file.text
    let before = text[..<place.lowerBound].utf8.count + offset
    var params: [(name: String, value: JSON)] = [
      ("textDocument", ["uri": .string(uri)]),
      ("position", server.position(before, in: document.text)),
    ]
    params += more.map { ($0.key, $0.value) }
    return request(method, .object(params))
  }

  /// The inlay hints of a document, put into its text in angle quotes.
  func hinted(_ uri: String = TestClient.uri) -> String {
    let all: JSON = [
      "textDocument": ["uri": .string(uri)],
      "range": [
        "start": ["line": 0, "character": 0], "end": ["line": 1_000_000, "character": 0],
      ],
    ]
    guard let document = server.documents[uri] else { return "" }
    var bytes = document.text.file.bytes
    let hints = request("textDocument/inlayHint", all).array ?? []
    for hint in hints.reversed() {
      guard let line = hint["position"]?["line"]?.int,
        let column = hint["position"]?["character"]?.int, let label = hint["label"]?.string
      else { continue }
      let offset = document.text.lines.offset(
        of: Position(line: line, column: column), server.encoding)
      bytes.insert(contentsOf: "«\(label)»".utf8, at: offset)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  fileprivate func range(of part: String) -> Range<String.Index>? { firstRange(of: part) }
}
