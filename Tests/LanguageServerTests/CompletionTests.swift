import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct CompletionTests {
  private let client = TestClient()

  /// Entries at the end of `text`, best first.
  private func entries(_ text: String, then rest: String = "\n") -> [JSON] {
    client.open(text + rest)
    guard let document = client.server.documents[TestClient.uri] else { return [] }
    let answer = client.request(
      "textDocument/completion",
      [
        "textDocument": ["uri": .string(TestClient.uri)],
        "position": client.server.position(text.utf8.count, in: document.text),
      ])
    return answer["items"]?.array ?? []
  }

  private func labels(_ entries: [JSON]) -> [String] { entries.compactMap { $0["label"]?.string } }

  private func detail(_ label: String, _ entries: [JSON]) -> String? {
    entries.first { $0["label"]?.string == label }?["detail"]?.string
  }

  @Test func `behind a pipe stands the shape that results`() {
    let found = entries(
      "layer Net(x: real[B, 1, 8, 8]) -> real[B, 3] {\n    let h = x |> Conv(4, k: 3)\n    h |> ",
      then: "\n}\nprint Net()(ones[2, 1, 8, 8])\n")
    #expect(detail("relu", found) == "-> real[2, 4, 6, 6]")
    #expect(detail("flatten", found) == "-> real[2, 144]")
    #expect(detail("BatchNorm", found) == "-> real[2, 4, 6, 6]")
    #expect(detail("argmax", found) == "-> index(6)[2, 4, 6]")
    #expect(detail("Linear", found) == "-> real[2, 4, 6, out]")
    #expect(detail("Conv", found) == "-> real[2, out, 4, 4]  with k: 3")
    let order = labels(found)
    // What takes the value stands before what does not.
    #expect((order.firstIndex(of: "relu") ?? 99) < (order.firstIndex(of: "cross_entropy") ?? 0))
    let insert = found.first { $0["label"]?.string == "BatchNorm" }?["textEdit"]?["newText"]?.string
    #expect(insert == "BatchNorm()")
  }

  @Test func `behind a point stand the parts`() {
    let data = entries(classifier + "print mnist.")
    #expect(labels(data) == ["test", "train"])
    #expect(detail("train", data) == "data, 600 rows")
    let parts = entries(classifier + "freeze net.")
    #expect(labels(parts) == ["conv1", "linear1", "maxPool1"])
    #expect(detail("conv1", parts) == "Conv · 260 params")
    #expect(labels(entries("let x = ones[2, 3]\nprint x.")) == ["T"])
    #expect(labels(entries("let r = (a: 1, b: 2.0)\nprint r.")) == ["a", "b"])
  }

  @Test func `an argument has its labels, over its axes`() {
    let found = entries("let c = Conv(3, ")
    #expect(labels(found).prefix(6).contains("stride:"))
    #expect(detail("stride:", found) == "stride: ints = 1")
    let axes = labels(
      entries("layer L(x: real[B, T, D]) -> real[B, D] {\n    mean(x, over: ", then: ")\n}\n"))
    #expect(axes.contains("T") && axes.contains("D") && axes.contains("all but"))
    #expect(!axes.contains("relu"))
    // What is given already is not offered again.
    let rest = labels(entries("let c = Conv(3, stride: 2, "))
    #expect(rest.contains("pad:") && !rest.contains("stride:"))
    #expect(labels(entries("let net = Linear(3)\nprint net(")).first == "x:")
  }

  @Test func `a layer that is being written without its closing brackets is known`() {
    let axes = labels(
      entries(
        "layer L(x: real[B, T, D]) -> real[B, D] {\n    mean(x, over: ",
        then: "\n\nlayer M(x: real[B, T]) -> real[B, T] { relu(x) }\n"))
    #expect(axes.prefix(3) == ["B", "D", "T"])
    #expect(
      labels(entries("let x = ones[2, 3]\nprint [x.", then: "\nlet y = 1\n")) == ["T"])
  }

  @Test func `words of a clause come in their places`() {
    let rest = "\n}\n"
    let train = classifier + "train b on mnist.train {\n    "
    #expect(labels(entries(train + "batch 64 sh", then: rest)) == ["drop last", "shuffled"])
    #expect(labels(entries(train + "minimize 1.0 over net ", then: rest)) == ["with"])
    let optimizers = labels(entries(train + "minimize 1.0 over net with ", then: rest))
    #expect(optimizers.contains("Adam") && !optimizers.contains("relu"))
  }

  @Test func `a layer that nothing has been through has its parts`() {
    let net = "layer N(x: real[B, D]) -> real[B, 3] {\n    x |> Linear(8) |> Linear(3)\n}\n"
    #expect(
      labels(entries(net + "let other = N()\nprint other.")) == ["linear1", "linear2"])
  }

  @Test func `names come with their types, columns in a training`() {
    let text = "let wide = ones[2, 30]\nlet n = 3\nprint w"
    let found = entries(text)
    #expect(detail("wide", found) == "real[2, 30]")
    #expect(detail("relu", found)?.hasPrefix("fn relu(") ?? false)
    // The word that is begun is replaced.
    let edit = found.first { $0["label"]?.string == "wide" }?["textEdit"]
    #expect(edit?["range"]?["start"]?["character"]?.int == 6)
    let columns = entries(
      "data d = rows(x: [[0.0, 1.0]], y: [1.0])\nlet net = Linear(1)\n"
        + "train t on d {\n    minimize mse(net(", then: "\n}\n")
    #expect(detail("x", columns) == "real[2]")
  }

  @Test func `names of files that are used are known`() {
    client.host.files["/programs/part.dlm"] =
      "layer Part(x: real[B, D]) -> real[B, 3] { x |> Linear(3) }\n"
    let found = entries("use \"part.dlm\"\nprint ones[2, 5] |> ")
    #expect(detail("Part", found) == "-> real[2, 3]")
  }

  @Test func `a member of a member is known where the text around cannot be read`() {
    let found = entries(classifier + "let broken = = \nprint net.conv1.")
    #expect(detail("w", found) == "real[10, 1, 5, 5]")
  }

  @Test func `where a word must stand there are words`() {
    let clauses = labels(entries(classifier + "train b on mnist.train {\n    ", then: "\n}\n"))
    #expect(clauses.contains("epochs") && clauses.contains("checkpoint"))
    #expect(!clauses.contains("relu"))
    #expect(labels(entries("le")).contains("let"))
    let types = labels(entries("layer L(x: ", then: ") { x }\n"))
    #expect(types.contains("real") && types.contains("logprob"))
    #expect(entries("// le").isEmpty)
    #expect(entries("let a = 12").isEmpty)
  }

  @Test func `paths go on with what is there`() {
    client.host.files = [
      "/programs/data/iris.csv": "", "/programs/data/more.csv": "", "/programs/b.dlm": "",
    ]
    #expect(labels(entries("data d = csv(\"data/")) == ["iris.csv", "more.csv"])
    #expect(labels(entries("use \"")) == ["b.dlm", "data/"])
  }
}
