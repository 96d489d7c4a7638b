import DLMFrontend
import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct StructureTests {
  private let client = TestClient()
  private let document: JSON = ["textDocument": ["uri": .string(TestClient.uri)]]

  @Test func `an outline has what a file declares, with its parts`() {
    client.open(classifier + "test \"sums\" { expect 1 == 1 }\n")
    let symbols = client.request("textDocument/documentSymbol", document)
    #expect(
      symbols.array?.compactMap { $0["name"]?.string }
        == ["mnist", "Net", "net", "fit", "test \"sums\""])
    #expect(symbols[1]?["children"]?[0]?["name"]?.string == "h")
    #expect(symbols[1]?["detail"]?.string?.hasPrefix("layer Net(") ?? false)
    for symbol in symbols.array ?? [] { expectInside(symbol) }
    let flat = TestClient(initialized: [:])
    flat.open(classifier)
    let names = flat.request("textDocument/documentSymbol", document).array ?? []
    #expect(names.allSatisfy { $0["location"] != nil })
  }

  /// The name of a symbol stands in it, and its parts too.
  private func expectInside(_ symbol: JSON) {
    guard let document = client.server.documents[TestClient.uri],
      let extent = try? client.server.span(symbol["range"], in: document.text),
      let name = try? client.server.span(symbol["selectionRange"], in: document.text)
    else {
      Issue.record("a symbol has its places")
      return
    }
    #expect(extent.contains(name))
    for child in symbol["children"]?.array ?? [] { expectInside(child) }
  }

  @Test func `names of all programs of the workspace are found by some of their letters`() {
    client.host.files["/programs/a/one.dlm"] = "layer Encoder(x: real[B, D]) -> real[B, D] { x }\n"
    client.open(classifier)
    func found(_ query: JSON) -> [String] {
      (client.request("workspace/symbol", ["query": query]).array ?? []).compactMap {
        $0["name"]?.string
      }
    }
    #expect(found("ncd") == ["Encoder"])
    #expect(found("net") == ["Net", "net"])
    #expect(Set(found("")) == ["Encoder", "mnist", "Net", "net", "fit"])
  }

  @Test func `blocks, brackets, comments and uses fold`() {
    client.open(
      """
      use "a.dlm"
      use "b.dlm"
      // one
      // two
      layer Net(x: real[B, D]) -> real[B, D] {
          let y = relu(
              x
          )
          y
      }
      let open = (

      """)
    let ranges = (client.request("textDocument/foldingRange", document).array ?? []).map {
      "\($0["startLine"]?.int ?? -1)-\($0["endLine"]?.int ?? -1) \($0["kind"]?.string ?? "")"
    }
    #expect(ranges == ["0-1 imports", "2-3 comment", "4-8 ", "5-6 "])
  }

  @Test func `a selection grows from a name to the file`() {
    client.open(classifier)
    let answer = client.request(
      "textDocument/selectionRange",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "positions": [["line": 5, "character": 23]],
      ])
    var texts: [String] = []
    var range = answer[0]
    while let current = range, current.isObject {
      if let document = client.server.documents[TestClient.uri],
        let span = try? client.server.span(current["range"], in: document.text)
      {
        texts.append(document.text.file.string(span))
      }
      range = current["parent"]
    }
    #expect(texts.first == "10")
    #expect(texts.contains("Conv(10, k: 5)"))
    #expect(texts.contains("x |> Conv(10, k: 5) |> MaxPool(2) |> relu"))
    #expect(texts.contains { $0.hasPrefix("let h = ") })
    #expect(texts.last == classifier)
    #expect(zip(texts, texts.dropFirst()).allSatisfy { $1.contains($0) && $1 != $0 })
  }

  // MARK: Semantic tokens

  /// Pieces as `text type modifiers`.
  private func pieces(_ data: [Int]) -> [String] {
    guard let text = client.server.documents[TestClient.uri]?.text else { return [] }
    var (line, column) = (0, 0)
    return stride(from: 0, to: data.count, by: 5).map { at in
      column = data[at] == 0 ? column + data[at + 1] : data[at + 1]
      line += data[at]
      let start = text.lines.offset(
        of: Position(line: line, column: column), client.server.encoding)
      let end = text.lines.offset(
        of: Position(line: line, column: column + data[at + 2]), client.server.encoding)
      let modifiers = SemanticTokens.modifiers.enumerated().filter {
        data[at + 4] & (1 << $0.offset) != 0
      }.map { " " + $0.element }.joined()
      return
        "\(text.file.string(Span(start, end))) \(SemanticTokens.types[data[at + 3]])\(modifiers)"
    }
  }

  private func numbers(_ json: JSON?) -> [Int] { (json?.array ?? []).compactMap(\.int) }

  @Test func `every piece is what it is`() {
    client.open(
      classifier
        + "/// What.\nfn half(v: real) -> real { v / 2 } // é\nprint \"{half(1.0):2} of\"\n")
    let data = numbers(client.request("textDocument/semanticTokens/full", document)["data"])
    let found = pieces(data)
    for piece in [
      "data keyword", "mnist namespace declaration", "idx function defaultLibrary",
      "\"data/mnist\" string", "classes parameter", "10 number", "image variable",
      "/// Two convolutions. comment documentation", "layer keyword", "Net class declaration",
      "x parameter declaration", "real type", "B typeParameter declaration",
      "-> operator", "Conv class defaultLibrary", "k parameter", "relu function defaultLibrary",
      "let keyword", "h variable declaration readonly", "net variable readonly", "train property",
      "fit event declaration", "shuffled keyword", "opt variable declaration readonly",
      "\"{ string", "half function", "(1.0):2} of\" string", "// é comment", "every keyword",
    ] { #expect(found.contains(piece), "\(piece)") }
  }

  @Test func `a range has its part, and a delta what is new`() {
    client.open(classifier)
    let whole = client.request("textDocument/semanticTokens/full", document)
    let all = numbers(whole["data"])
    let part = client.request(
      "textDocument/semanticTokens/range",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "range": ["start": ["line": 5, "character": 0], "end": ["line": 6, "character": 0]],
      ])
    #expect(pieces(numbers(part["data"])).first == "let keyword")
    #expect(numbers(part["data"]).count < all.count)
    client.change(
      [
        [
          "range": ["start": ["line": 9, "character": 4], "end": ["line": 9, "character": 7]],
          "text": "other",
        ]
      ], version: 2)
    let delta = client.request(
      "textDocument/semanticTokens/full/delta",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "previousResultId": whole["resultId"] ?? .null,
      ])
    var patched = all
    for edit in delta["edits"]?.array ?? [] {
      let start = edit["start"]?.int ?? 0
      patched.replaceSubrange(
        start..<start + (edit["deleteCount"]?.int ?? 0), with: numbers(edit["data"]))
    }
    #expect(numbers(delta["edits"]?[0]?["data"]).count < all.count / 2)
    let fresh = client.request("textDocument/semanticTokens/full", document)
    #expect(numbers(fresh["data"]) == patched)
    let unknown = client.request(
      "textDocument/semanticTokens/full/delta",
      ["textDocument": ["uri": .string(TestClient.uri)], "previousResultId": "no"])
    #expect(numbers(unknown["data"]) == patched)
  }
}
