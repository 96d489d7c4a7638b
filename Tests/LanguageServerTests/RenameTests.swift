import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct RenameTests {
  private let client = TestClient()

  /// The text after renaming what stands at `mark`, or the refusal.
  private func renamed(_ mark: String, _ offset: Int = 0, to new: String) -> String {
    guard let document = client.server.documents[TestClient.uri],
      let place = document.text.file.text.firstRange(of: mark)
    else { return "no mark" }
    let before = document.text.file.text[..<place.lowerBound].utf8.count + offset
    let answer = client.answer(
      "textDocument/rename",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "position": client.server.position(before, in: document.text), "newName": .string(new),
      ])
    if let error = answer["error"]?["message"]?.string { return "refused: \(error)" }
    let edits = answer["result"]?["documentChanges"]?[0]?["edits"]?.array ?? []
    let changes = edits.compactMap { edit -> Diagnostic.Edit? in
      guard let text = edit["newText"]?.string,
        let span = try? client.server.span(edit["range"], in: document.text)
      else { return nil }
      return Diagnostic.Edit(span, text)
    }
    return document.text.file.applying(changes)
  }

  @Test func `dims are renamed in types, conditions and bodies`() {
    client.open(
      """
      layer Heads(heads: int)(x: real[B, T, D]) -> real[B, heads, T, D / heads]
          where D % heads == 0 : "Heads cannot split {D} into {heads}"
      {
          dim K = D / heads
          let y: real[B, T, D] = x |> Linear(D)
          y |> rearrange([B, T, (heads K)] -> [B, heads, T, K])
      }
      layer Other(x: real[B, D]) -> real[B, D] { x }

      """)
    let text = renamed("D]) -> real[B, heads", to: "Width")
    #expect(text.contains("(x: real[B, T, Width]) -> real[B, heads, T, Width / heads]"))
    #expect(text.contains("where Width % heads == 0 : \"Heads cannot split {Width} into {heads}\""))
    #expect(text.contains("dim K = Width / heads"))
    #expect(text.contains("let y: real[B, T, Width] = x |> Linear(Width)"))
    #expect(text.contains("layer Other(x: real[B, D]) -> real[B, D] { x }"))
    let heads = renamed("heads: int", to: "n")
    #expect(heads.contains("layer Heads(n: int)(x: real[B, T, D]) -> real[B, n, T, D / n]"))
    #expect(heads.contains("[B, T, (n K)] -> [B, n, T, K]"))
  }

  @Test func `labels, parts and metrics go with what they name`() {
    client.open(
      """
      layer Net(width: int = 3)(x: real[B, 2]) -> real[B, 1] {
          let stem = Linear(width)
          x |> stem |> Linear(1)
      }
      let net = Net(width: 5)
      data d = rows(x: [[0.0, 1.0]], y: [[1.0]])
      freeze net.stem
      train fit on d {
          minimize mse(net(x), y) over net with SGD(lr: 0.1) as opt
          every epoch { eval d { log mse(net(x), y) as err } }
          when d.err stalls 3 epochs { opt.lr *= 0.5 }
      }

      """)
    #expect(renamed("width: int", to: "size").contains("Net(size: 5)"))
    #expect(renamed("width: 5", to: "size").contains("Net(size: int = 3)"))
    #expect(renamed("stem = ", to: "root").contains("freeze net.root"))
    #expect(renamed("err }", to: "loss").contains("when d.loss stalls"))
    #expect(renamed("opt\n", to: "o").contains("{ o.lr *= 0.5 }"))
    #expect(renamed("Net()", 0, to: "Model") == "no mark")
    #expect(renamed("Net(width: 5", to: "Model").contains("layer Model(width: int = 3)"))
  }

  @Test func `a name that would change what others mean is refused`() {
    client.open(
      "let a = 1\nlet b = 2\nlayer L(x: real[B, D]) -> real[B, D] { x |> relu }\nprint a, b\n")
    #expect(renamed("a = 1", to: "b").hasPrefix("refused: `b` already means something"))
    #expect(renamed("x: real", to: "relu").hasPrefix("refused: `relu` already means"))
    #expect(renamed("D]) ->", to: "B").hasPrefix("refused: `B` already means"))
    #expect(renamed("a = 1", to: "print") == "refused: `print` is a word of the language")
    #expect(renamed("a = 1", to: "1x") == "refused: `1x` is no name")
    #expect(renamed("a = 1", to: "A") == "refused: `A` must not begin with a capital")
    #expect(renamed("L(x", to: "low") == "refused: `low` must begin with a capital")
    #expect(
      renamed("relu", to: "r") == "refused: `relu` cannot be renamed: it belongs to the prelude")
    #expect(renamed("real[B", to: "r").hasPrefix("refused: `real` cannot be renamed"))
  }

  @Test func `a rename is offered where there is a name`() {
    client.open(classifier)
    #expect(
      client.ask("textDocument/prepareRename", at: "net(image)")["placeholder"]?.string == "net")
    #expect(client.ask("textDocument/prepareRename", at: "64 shuffled")["placeholder"] == nil)
    #expect(renamed("image), label", to: "picture").contains("it is a column of data"))
  }

  @Test func `a layer is renamed in all files that use it`() {
    let other = "file:///programs/blocks.dlm"
    client.open("layer Block(x: real[B, D]) -> real[B, D] { x }\n", other)
    client.open("use \"blocks.dlm\"\nlet b = Block()\n")
    let answer = client.ask(
      "textDocument/rename", at: "Block()", 0, TestClient.uri, ["newName": "Part"])
    let changes = answer["documentChanges"]?.array ?? []
    #expect(
      Set(changes.compactMap { $0["textDocument"]?["uri"]?.string }) == [other, TestClient.uri])
    #expect(changes.allSatisfy { $0["textDocument"]?["version"]?.int == 1 })
  }
}
