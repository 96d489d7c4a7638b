import DLMRepl
import Testing

/// A session done again by its log.
@Suite struct ReplayTests {
  private let program = """
    data points = rows(
        x: [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [2.0, 1.0], [1.0, 2.0]],
        y: [[1.0], [1.0], [0.0], [0.0], [1.0], [0.5]])
    layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(8) |> tanh |> Dropout(0.2) |> Linear(1) }
    let net = Net()
    train fit on points {
        batch 2 shuffled
        epochs 4
        minimize mse(net(x), y) over net with Adam(lr: 0.1) as opt
    }
    """

  /// What a session with changes between the steps leaves.
  private func session() throws -> Prompt {
    let prompt = try Prompt(seed: 3)
    for entry in [
      program, "let noise = normal[3]", "normal[2]", ":run fit 2 steps", "opt.lr = 0.005",
      "nonsense(", ":continue 2 steps", ":undo", ":continue until epoch 2", "opt.lr = 0.5",
      "layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(9) |> tanh |> Linear(1) }",
      ":continue 1 steps", ":seed 7", "let more = normal[3]", ":grad sum(more * noise) wrt more",
      ":continue",
    ] { try prompt.enter(entry) }
    return prompt
  }

  @Test func `a log does a session again, number by number`() throws {
    let first = try session()
    let log = try RunLog(parsing: first.repl.log.text)
    #expect(log.lines == first.repl.log.lines && log.seed == 3)
    let second = try Prompt(seed: 3)
    for line in log.lines { #expect(try second.repl.replay(line).isSame) }
    #expect(second.repl.session.digest == first.repl.session.digest)
    for name in ["more", "noise", "opt.loss"] {
      #expect(try second.enter(name) == first.enter(name), "\(name)")
    }
    // What was done again is a session with the same log.
    #expect(second.repl.log.text.hasPrefix(log.text))
  }

  @Test func `a log that says something else is told`() throws {
    let log = try session().repl.log.text
    let changed = try RunLog(parsing: log.replacing("opt.lr = 0.005", with: "opt.lr = 0.004"))
    let prompt = try Prompt(seed: 3)
    let same = try changed.lines.map { try prompt.repl.replay($0).isSame }
    #expect(same.prefix { $0 }.count == 5)
    #expect(throws: (any Error).self) { try RunLog(parsing: "layer Net") }
    #expect(throws: (any Error).self) { try RunLog(parsing: log + "{\"run\": 3}\n") }
  }

  @Test func `a training that Ctrl-C has stopped is done again up to the same step`() throws {
    let first = try Prompt(seed: 3)
    try first.enter(program)
    first.interruptions = { 1 }
    try first.enter(":run fit")
    first.interruptions = { 0 }
    try first.enter("opt.lr = 0.02")
    try first.enter(":continue 3 steps")
    let second = try Prompt(seed: 3)
    for line in first.repl.log.lines { #expect(try second.repl.replay(line).isSame) }
    #expect(second.repl.session.digest == first.repl.session.digest)
  }
}
