import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct NavigationTests {
  private let client = TestClient()

  /// Line and column of each place, from 0 on.
  private func places(_ json: JSON) -> [[Int]] {
    (json.array ?? []).compactMap { ($0["location"] ?? $0)["range"]?["start"] }.map {
      [$0["line"]?.int ?? -1, $0["character"]?.int ?? -1]
    }
  }

  private func definition(_ mark: String, _ offset: Int = 0) -> (uri: String, line: Int)? {
    let found = client.ask("textDocument/definition", at: mark, offset)
    guard let uri = found["uri"]?.string, let line = found["range"]?["start"]?["line"]?.int else {
      return nil
    }
    return (uri, line)
  }

  @Test func `names lead to where they are defined`() {
    client.open(classifier)
    #expect(definition("net(image)").map { $0.line } == 9)
    #expect(definition("Net()").map { $0.line } == 4)
    #expect(definition("h |> flatten").map { $0.line } == 5)
    #expect(definition("mnist.train").map { $0.line } == 0)
    #expect(definition("x |> Conv").map { $0.line } == 4)
    #expect(definition("B, 10] {").map { $0.line } == 4)
    // Columns of data lead to the data.
    #expect(definition("image), label").map { $0.line } == 0)
  }

  @Test func `the prelude can be read`() throws {
    client.open(classifier)
    let conv = try #require(definition("Conv(10"))
    #expect(conv.uri == "file:///cache/prelude/layers.dlm")
    let text = try #require(client.host.files["/cache/prelude/layers.dlm"])
    let line = text.split(separator: "\n", omittingEmptySubsequences: false)[conv.line]
    #expect(line.hasPrefix("layer Conv("))
    // Labels lead to the parameter.
    let label = client.ask("textDocument/definition", at: "k: 5")
    #expect(label["uri"]?.string == conv.uri)
    #expect((label["range"]?["start"]?["character"]?.int ?? 0) > 10)
    // Opened, it is a document without diagnostics.
    client.open(text, conv.uri)
    #expect(client.diagnostics(conv.uri).isEmpty)
    #expect(
      client.ask("textDocument/definition", at: "sqrt(I)", 0, conv.uri)["range"] == nil)
  }

  @Test func `clients that ask for contents get the prelude by an address`() {
    let client = TestClient(initialized: ["workspace": ["textDocumentContent": [:]]])
    client.open(classifier)
    let found = client.ask("textDocument/definition", at: "Conv(10")
    #expect(found["uri"]?.string == "dlm-prelude:/layers.dlm")
    let content = client.request(
      "workspace/textDocumentContent", ["uri": "dlm-prelude:/layers.dlm"])
    #expect(content["text"]?.string?.contains("layer Conv(") ?? false)
    let no = client.answer("workspace/textDocumentContent", ["uri": "dlm-prelude:/no.dlm"])
    #expect(no["error"]?["code"]?.int == -32602)
  }

  @Test func `references are the uses, with or without the definition`() {
    client.open(classifier)
    let all = client.ask(
      "textDocument/references", at: "net(image)", 0, TestClient.uri,
      ["context": ["includeDeclaration": true]])
    #expect(places(all) == [[9, 4], [13, 17], [13, 41], [14, 44]])
    let uses = client.ask(
      "textDocument/references", at: "net(image)", 0, TestClient.uri,
      ["context": ["includeDeclaration": false]])
    #expect(places(uses) == [[13, 17], [13, 41], [14, 44]])
  }

  @Test func `highlights tell reading from writing`() {
    client.open("var a = 1\na = a + 1\nprint a, relu(a), relu(2)\n")
    let found = client.ask("textDocument/documentHighlight", at: "a = 1")
    #expect(found.array?.map { $0["kind"]?.int } == [3, 3, 2, 2, 2])
    // What the file does not define is found by its name.
    #expect(client.ask("textDocument/documentHighlight", at: "relu(a)").array?.count == 2)
  }

  @Test func `other files are used as they stand in the editor`() throws {
    let other = "file:///programs/layers/blocks.dlm"
    client.host.files["/programs/layers/blocks.dlm"] =
      "layer Old(x: real[B, D]) -> real[B, D] { x }\n"
    client.host.files["/programs/third.dlm"] = "use \"layers/blocks.dlm\"\nlet t = Block()\n"
    client.open("layer Block(x: real[B, D]) -> real[B, 3] { x |> Linear(3) }\n", other)
    client.open("use \"layers/blocks.dlm\"\nlet b = Block()\nprint b(ones[2, 5])\n")
    #expect(client.diagnostics().isEmpty)
    #expect(try #require(definition("Block()")).uri == other)
    #expect(try #require(definition("layers/blocks")).uri == other)
    let all = client.ask(
      "textDocument/references", at: "Block()", 0, TestClient.uri,
      ["context": ["includeDeclaration": true]])
    #expect(
      Set((all.array ?? []).compactMap { $0["uri"]?.string })
        == [other, TestClient.uri, "file:///programs/third.dlm"])
    // A change there is felt here.
    client.change([["text": "layer Other(x: real[B, D]) -> real[B, D] { x }\n"]], version: 2, other)
    #expect(client.diagnostics().map { $0["code"]?.string } == ["N001"])
    // A mistake of form there is told here.
    client.change([["text": "layer Block(\n"]], version: 3, other)
    let told = client.diagnostics().first
    #expect(told?["message"]?.string?.contains("blocks.dlm:2:1") ?? false)
    #expect(told?["range"]?["start"]?["line"]?.int == 0)
    #expect(told?["relatedInformation"]?[0]?["location"]?["uri"]?.string == other)
  }

  @Test func `links lead to files that are there`() {
    client.host.files = [
      "/programs/a.dlm": "let z = 1\n", "/programs/t.csv": "x\n1\n", "/programs/n.safetensors": "",
    ]
    client.host.weights["n.safetensors"] = []
    client.open(
      """
      use "a.dlm"
      use "gone.dlm"
      data d = csv("t.csv")
      let n = Linear(2) from "n.safetensors"

      """)
    let links = client.request(
      "textDocument/documentLink", ["textDocument": ["uri": .string(TestClient.uri)]])
    #expect(
      links.array?.compactMap { $0["target"]?.string }.sorted() == [
        "file:///programs/a.dlm", "file:///programs/n.safetensors", "file:///programs/t.csv",
      ])
    #expect(places(links).contains([0, 5]))
  }
}
