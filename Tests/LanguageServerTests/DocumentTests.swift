import DLMSyntax
import Testing

@testable import DLMLanguageServer

/// The classifier of the README, on data of which the server knows the header.
let classifier = """
  data mnist = idx("data/mnist", classes: 10)
      |> normalize(image, mean: 0.1307, std: 0.3081)

  /// Two convolutions.
  layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
      let h = x |> Conv(10, k: 5) |> MaxPool(2) |> relu
      h |> flatten |> Linear(10) |> log_softmax
  }

  let net = Net()

  train fit on mnist.train {
      batch 64 shuffled
      minimize nll(net(image), label) over net with SGD(lr: 0.01) as opt
      every epoch { eval mnist.test { log nll(net(image), label) as loss } }
  }

  """

@Suite struct DocumentTests {
  @Test func `types stand behind stages and names, parameters behind layers`() {
    let client = TestClient()
    client.open(classifier)
    #expect(client.diagnostics().isEmpty)
    let text = client.hinted()
    #expect(
      text.contains(
        "let h«: real[B, 10, 12, 12]» = x |> Conv(10, k: 5)«real[B, 10, 24, 24] · 260 params» "
          + "|> MaxPool(2)«real[B, 10, 12, 12]» |> relu«real[B, 10, 12, 12]»"))
    #expect(
      text.contains(
        "h |> flatten«real[B, 1440]» |> Linear(10)«real[B, 10] · 14 410 params» "
          + "|> log_softmax«logprob[B, 10]»"))
    #expect(text.contains("let net«: Net · 14 670 params» = Net()"))
    #expect(text.contains("-> logprob[B, 10] {«14 670 params»"))
  }

  @Test func `a layer that is used twice shows both`() {
    let client = TestClient()
    client.open(
      """
      layer Wide(n: int)(x: real[B, D]) -> real[B, n] { x |> Linear(n) |> relu }
      print ones[2, 3] |> Wide(4) |> Wide(5)
      repeat i in 1..<3 { let k = 2 * i
          print ones[2, 3] |> Linear(k) }

      """)
    let text = client.hinted()
    #expect(text.contains("Linear(n)«real[2, 4|5] · 16 to 25 params» |> relu«real[2, 4|5]»"))
    #expect(text.contains("let k«: int» = 2 * i"))
    #expect(text.contains("repeat i«: int» in"))
    #expect(text.contains("Linear(k)«real[2, 2|4]"))
  }

  @Test func `a way to a shape comes when a hint is looked at`() {
    let client = TestClient()
    client.open(classifier)
    let hints = client.request(
      "textDocument/inlayHint",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "range": ["start": ["line": 6, "character": 0], "end": ["line": 6, "character": 17]],
      ])
    // Only what stands in the range.
    #expect(hints.array?.count == 1)
    let resolved = client.request("inlayHint/resolve", hints[0] ?? .null)
    let table = resolved["tooltip"]?["value"]?.string ?? ""
    #expect(table.contains("image of `mnist`"))
    #expect(table.contains("10 * 12 * 12"))
  }

  @Test func `every change is checked and told with its version`() {
    let client = TestClient()
    client.open("let a = ones[2, 3]\nlet b = ones[2, 4]\nprint a + a\n")
    #expect(client.diagnostics().isEmpty)
    client.change(
      [
        [
          "range": [
            "start": ["line": 2, "character": 10], "end": ["line": 2, "character": 11],
          ],
          "text": "b",
        ]
      ], version: 2)
    let published = client.published()
    #expect(published?["version"]?.int == 2)
    let wrong = published?["diagnostics"]?[0]
    #expect(wrong?["code"]?.string == "S020")
    #expect(wrong?["severity"]?.int == 1)
    #expect(wrong?["source"]?.string == "dlm")
    #expect(wrong?["range"]?["start"]?["line"]?.int == 2)
    client.change([["text": "print 1\n"]], version: 3)
    #expect(client.diagnostics().isEmpty)
  }

  @Test func `related places come with a diagnostic`() {
    let client = TestClient()
    client.open(classifier.replacing("Linear(10)", with: "Linear(10, in: 99)"))
    let wrong = client.diagnostics().first
    #expect(wrong?["code"]?.string == "S012")
    #expect(wrong?["message"]?.string?.contains("10 * 12 * 12") ?? false)
    let related = wrong?["relatedInformation"]?[0]
    #expect(related?["location"]?["uri"]?.string == TestClient.uri)
    #expect(related?["location"]?["range"]?["start"]?["line"]?.int == 6)
  }

  @Test func `the way to a wrong length can be gone, stage by stage`() {
    let client = TestClient()
    client.open(
      """
      layer Net(x: real[B, 1, 28, 28]) -> logit[B, 10] {
          x |> Conv(10, k: 5)
            |> MaxPool(2)
            |> flatten
            |> Linear(10, in: 300)
      }
      """)
    let wrong = client.diagnostics().first
    #expect(wrong?["code"]?.string == "S012")
    let places = (wrong?["relatedInformation"]?.array ?? []).map { place in
      "\(place["location"]?["range"]?["start"]?["line"]?.int ?? -1) \(place["message"]?.string ?? "")"
    }
    #expect(
      places == [
        "3 real[B, 1440]", "0 real[B, 1, 28, 28]", "1 real[B, 10, 24, 24]", "2 real[B, 10, 12, 12]",
      ])
  }

  @Test func `a file with mistakes of form keeps its hints`() {
    let client = TestClient()
    client.open("let a = ones[2, 3]\nlet b = a |> Linear(4)\nlet c = = 3\nlet d = b |> relu\n")
    #expect(client.diagnostics().allSatisfy { $0["code"]?.string?.hasPrefix("P") ?? false })
    #expect(!client.diagnostics().isEmpty)
    #expect(client.hinted().contains("let d«: real[2, 4]»"))
  }

  @Test func `a file that is not there is a hint, and all else goes on`() {
    let client = TestClient()
    client.host.images = [:]
    client.open(
      classifier + "let other = Net() from \"net.safetensors\"\nprint other(ones[2, 1, 28, 28])\n")
    let found = client.diagnostics()
    #expect(found.map { $0["severity"]?.int } == [4, 4])
    #expect(found.map { $0["code"]?.string } == ["D002", "D002"])
    #expect(client.hinted().contains("let other«: Net"))
    // It has been made since.
    client.host.images = ["data/mnist": [1, 28, 28]]
    client.host.weights["net.safetensors"] = []
    client.notify(
      "workspace/didChangeWatchedFiles",
      ["changes": [["uri": "file:///programs/data/mnist/train-images", "type": 1]]])
    #expect(client.diagnostics().map { $0["code"]?.string } == ["D010"])
  }

  @Test func `files are looked at where the client does not watch them`() {
    let client = TestClient(initialized: [:])
    client.host.weights["net.safetensors"] = [("linear1.w", [3, 4]), ("linear1.b", [3])]
    client.host.files["/programs/part.dlm"] = "fn half(x: real) { x / 2 }\n"
    client.open("use \"part.dlm\"\nlet n = Linear(3) from \"net.safetensors\"\nprint half(2.0)\n")
    let before = client.diagnostics().count
    #expect(client.server.looksAtFiles)
    client.server.lookAtFiles()
    // Nothing has changed: nothing is done.
    #expect(!client.server.hasWork)
    client.host.files["/programs/part.dlm"] = nil
    client.host.writes["/programs/net.safetensors"] = 1
    client.server.lookAtFiles()
    #expect(client.server.hasWork)
    #expect(client.diagnostics().count > before)
    client.server.lookAtFiles()
    #expect(!client.server.hasWork)
    // A client that watches is not looked after.
    let other = TestClient()
    other.open("use \"part.dlm\"\n")
    #expect(!other.diagnostics().isEmpty && !other.server.looksAtFiles)
  }

  @Test func `a closed document has no diagnostics`() {
    let client = TestClient()
    client.open("print no\n")
    #expect(client.diagnostics().count == 1)
    client.notify("textDocument/didClose", ["textDocument": ["uri": .string(TestClient.uri)]])
    #expect(client.diagnostics().isEmpty)
  }

  @Test func `clients that ask are not told`() {
    let client = TestClient(initialized: ["textDocument": ["diagnostic": [:]]])
    client.open("print no\n")
    #expect(client.published() == nil)
    let report = client.request(
      "textDocument/diagnostic", ["textDocument": ["uri": .string(TestClient.uri)]])
    #expect(report["kind"]?.string == "full")
    #expect(report["items"]?.array?.count == 1)
  }

  @Test func `formatting changes the lines that need it`() {
    let client = TestClient()
    client.open("let a   = 1\nlet b = 2\nlet c   = 3\n")
    let all = client.request(
      "textDocument/formatting", ["textDocument": ["uri": .string(TestClient.uri)]])
    #expect(all.array?.count == 2)
    #expect(all[0]?["newText"]?.string == "let a = 1\n")
    let some = client.request(
      "textDocument/rangeFormatting",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "range": ["start": ["line": 1, "character": 0], "end": ["line": 2, "character": 3]],
      ])
    #expect(some.array?.count == 1)
    #expect(some[0]?["range"]?["start"]?["line"]?.int == 2)
    client.change([["text": "let a   = = 1\n"]], version: 2)
    let none = client.request(
      "textDocument/formatting", ["textDocument": ["uri": .string(TestClient.uri)]])
    #expect(none.array?.isEmpty ?? false)
  }
}
