import DLMFrontend
import DLMRepl
import Testing

/// What Tab offers at the end of an entry.
@Suite struct ReplCompletionTests {
  private let prompt: Prompt

  init() throws {
    prompt = try Prompt()
    try prompt.enter(
      """
      data d = rows(x: [[1.0, 2.0]], y: [1.0])
      layer Net(x: real[B, 1, H, W]) -> logit[B, 10] {
          x |> Conv(4, k: 3) |> relu |> flatten |> Linear(10)
      }
      let net = Net()
      let w = [1.0, 2.0]
      let model = Linear(1)
      train fit on d {
          epochs 3
          minimize mse(model(x)[.., 0], y) over model with SGD(lr: 0.1)
      }
      """)
  }

  private func offered(_ text: String) -> [Completion.Candidate] {
    prompt.repl.complete(text, at: text.utf8.count).candidates
  }

  private func names(_ text: String) -> [String] { offered(text).map(\.name) }

  private func details(_ text: String) -> [String: String] {
    Dictionary(offered(text).map { ($0.name, $0.detail) }) { first, _ in first }
  }

  @Test func `axes of the layer that is being written are offered`() {
    for head in ["mean(x, over: ", "x |> mean(over: ", "let h = mean(x, over: "] {
      let found = names("layer L(x: real[B, T, D]) -> real[B, D] {\n    " + head)
      #expect(found == ["B", "D", "T", "-1", "all but"], "\(head)")
    }
  }

  @Test func `a layer that nothing has been through has its parts`() {
    #expect(names("net.") == ["conv1", "linear1"])
    #expect(details(":why net.conv1.")["w"] == "real[4, 1, 3, 3]")
  }

  @Test func `behind a pipe stands the shape, numbers that are needed by name`() {
    let found = details("ones[2, 3, 8, 8] |> ")
    #expect(found["relu"] == "-> real[2, 3, 8, 8]")
    #expect(found["flatten"] == "-> real[2, 192]")
    #expect(found["Linear"] == "-> real[2, 3, 8, out]")
    #expect(found["Conv"] == "-> real[2, out, 6, 6]  with k: 3")
    #expect(
      details("layer L(x: real[B, T, D]) -> real[B] {\n    x |> ")["Linear"] == "-> real[B, T, out]"
    )
  }

  @Test(arguments: [
    (":cost ", ["Net", "model", "net"]), (":cost Net ", ["B=", "H=", "W="]),
    (":cost Net B=64 ", ["H=", "W="]),
    (":run ", ["fit"]), (":run fit ", ["1 epoch", "100 steps", "until epoch 1"]),
    (":run fit 20 ", ["epochs", "steps"]), (":continue until ", ["epoch 1"]),
    (":continue 20 st", ["steps"]), (":grad sum(w^2) ", ["wrt"]), (":grad sum(w^2) wr", ["wrt"]),
    (":grad sum(w^2) wrt ", ["model", "net", "w"]), (":grad sum(w^2) wrt net, ", ["model", "w"]),
    (":graph sum(w) ", ["to", "wrt"]), (":graph sum(w) wrt w ", ["to"]), (":plot w ", ["to"]),
    (":type Net ", ["with"]), (":type Net with ", ["x: real[B, 1, H, W]"]),
    (":threads ", ["1", "2"]),
    (":device r", ["reference"]), (":quit ", []), (":seed ", []),
  ])
  func `a command is completed by what it takes`(_ text: String, _ expected: [String]) {
    #expect(names(text) == expected)
  }

  @Test(arguments: [
    ("ba", ["batch"]), ("batch 64 ", ["drop last", "shuffled"]), ("batch 64 sh", ["shuffled"]),
    ("batch 64 shuffled ", ["drop last"]), ("batch 64 drop ", ["last"]),
    ("clip ", ["norm", "value"]), ("precision ", ["bf16", "f32"]),
    ("every 2 ", ["epochs", "steps"]),
    ("minimize mse(w, y) ", ["over"]), ("minimize mse(w, y) over w ", ["with"]),
    (
      "minimize mse(w, y) over w with Ada",
      ["Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax"]
    ),
    ("minimize mse(w, y) over w with SGD(lr: 0.1) ", ["as"]),
    ("update w with ", []), ("stop ", ["when"]), ("stop when loss < 0.1 ", ["stalls"]),
    ("stop when loss stalls 3 ", ["epochs", "steps"]), ("stop when loss stalls 3 epochs ", ["by"]),
    ("stop when loss < 0.1, ", ["restore best"]), ("when loss stalls 3 epochs b", ["by"]),
    ("checkpoint \"a\" ", ["every"]), ("checkpoint \"a\" every 2 ", ["epochs", "steps"]),
    ("checkpoint \"a\" every epoch, ", ["keep best", "keep last"]),
    ("checkpoint \"a\" every epoch, keep ", ["best", "last"]),
    ("checkpoint \"a\" every epoch, keep best 3 ", ["by"]), ("on ", ["nan"]),
    ("every epoch {\n    minimize loss ", ["over"]),
  ])
  func `words of a clause come in their places`(_ clause: String, _ expected: [String]) {
    let found = names("train t on d {\n    " + clause)
    if clause == "update w with " {
      #expect(found.contains("Adam") && !found.contains("relu"))
    } else {
      #expect(found == expected)
    }
  }

  @Test func `behind a value stand words that go on with it, before one there are names`() {
    #expect(names("let y = w ").contains("and"))
    #expect(!names("let y = w ").contains("relu"))
    #expect(names("let y = w + ").contains("relu"))
    #expect(names("print ").contains("w"))
    #expect(names("let y = w\nl").contains("let"))
  }
}
