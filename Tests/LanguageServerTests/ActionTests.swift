import DLMFrontend
import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct ActionTests {
  private let client = TestClient()
  private let document: JSON = ["textDocument": ["uri": .string(TestClient.uri)]]
  private let everywhere: JSON = [
    "start": ["line": 0, "character": 0], "end": ["line": 1000, "character": 0],
  ]

  /// The text of the document after an edit of the workspace.
  private func applied(_ edit: JSON?) -> String {
    guard let document = client.server.documents[TestClient.uri] else { return "" }
    let edits = (edit?["documentChanges"]?[0]?["edits"]?.array ?? []).compactMap {
      json -> Diagnostic.Edit? in
      guard let span = try? client.server.span(json["range"], in: document.text),
        let text = json["newText"]?.string
      else { return nil }
      return Diagnostic.Edit(span, text)
    }
    return document.text.file.applying(edits)
  }

  private func actions(_ only: JSON? = nil) -> [JSON] {
    client.request(
      "textDocument/codeAction",
      .members([
        "textDocument": ["uri": .string(TestClient.uri)], "range": everywhere,
        "context": .members(["diagnostics": [], "only": only]),
      ])
    ).array ?? []
  }

  @Test func `the checker's fixes are offered, one by one and all together`() {
    client.open("print rleu(ones[2, 3])\nprint ones[2, 3] |> Linaer(4)\n")
    let quick = actions(["quickfix"])
    #expect(quick.count == 2)
    #expect(quick.allSatisfy { $0["kind"]?.string == "quickfix" })
    #expect(quick[0]["isPreferred"]?.bool ?? false)
    #expect(quick[0]["diagnostics"]?[0]?["code"]?.string == "N001")
    #expect(
      applied(quick[0]["edit"]).hasPrefix("print relu(ones[2, 3])\nprint ones[2, 3] |> Linaer"))
    let all = actions(["source.fixAll"])
    #expect(all.count == 1)
    #expect(applied(all[0]["edit"]) == "print relu(ones[2, 3])\nprint ones[2, 3] |> Linear(4)\n")
    #expect(actions(["refactor"]).isEmpty)
    #expect(actions().count == 3)
  }

  @Test func `what can be run is said above it`() {
    client.open(classifier + "test \"sums\" { expect 1 == 1 }\n")
    let lenses = client.request("textDocument/codeLens", document).array ?? []
    let titles = lenses.compactMap { $0["command"]?["title"]?.string }
    #expect(titles == ["14 670 params", "run", "check", "run test"])
    #expect(lenses[1]["command"]?["command"]?.string == "dlm.run")
    #expect(lenses[1]["command"]?["arguments"]?[1]?.string == "fit")
  }

  @Test func `the server checks and counts, and never runs`() {
    client.open(classifier)
    let checked = client.request(
      "workspace/executeCommand",
      ["command": "dlm.check", "arguments": [.string(TestClient.uri)]])
    #expect(checked.string == "no mistakes found")
    let cost = client.request(
      "workspace/executeCommand",
      ["command": "dlm.cost", "arguments": [.string(TestClient.uri), "Net"]])
    #expect(cost.string?.contains("parameters: 14 670") ?? false)
    let run = client.answer(
      "workspace/executeCommand", ["command": "dlm.run", "arguments": [.string(TestClient.uri)]])
    #expect(run["error"]?["code"]?.int == -32602)
  }

  @Test func `a call says what it takes while it is written`() {
    client.open(classifier + "let a = Conv(3, k: 5, \nlet b = net(")
    func help(_ mark: String, _ offset: Int) -> (label: String, active: Int) {
      let found = client.ask("textDocument/signatureHelp", at: mark, offset)
      return (
        found["signatures"]?[0]?["label"]?.string ?? "", found["activeParameter"]?.int ?? -1
      )
    }
    let first = help("Conv(3", 5)
    #expect(first.label.hasPrefix("Conv(out: int, k: ints, stride: ints = 1"))
    #expect(first.active == 0)
    #expect(help("k: 5, \n", 3).active == 1)
    #expect(help("k: 5, \n", 6).active == 2)
    #expect(help("net(", 4).label == "Net(x: real[B, 1, 28, 28])")
    #expect(help("b = net(", 8).label == "Net(x: real[B, 1, 28, 28])")
    #expect(help("nll(net(image), ", 16).label.hasPrefix("nll("))
    #expect(help("nll(net(image), ", 16).active == 1)
    #expect(help("let a", 4).label == "")
  }

  @Test func `every function of the language has a page`() {
    for name in BuiltinPage.names {
      guard let page = BuiltinPage.named(name) else { continue }
      #expect(!page.summary.isEmpty, "\(name)")
      #expect(page.signature.hasPrefix(name), "\(page.signature)")
    }
    client.open("print argmax(ones[3])\nprint rearrange(ones[2, 3], [A, B] -> [B, A])\n")
    let page = client.ask("textDocument/hover", at: "argmax")["contents"]?["value"]?.string
    #expect(page?.contains("argmax(x: real[...S], over: axes)") ?? false)
  }
}
