import Foundation
import Testing

/// The prompt in a terminal, with keys pressed as a person presses them.
@Suite(.enabled(if: PseudoTerminal.hasReadline, "there is no libreadline.so.8"))
struct TerminalTests {
  private static let escape = "\u{1B}"
  private static let up = escape + "[A"
  private static let (controlC, controlD, controlR) = ("\u{03}", "\u{04}", "\u{12}")

  private func start(
    _ project: Project, environment: [String: String] = [:], columns: UInt16 = 100
  ) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      ["repl"], in: project.path, environment: environment, columns: columns)
    try terminal.wait(for: "> ")
    return terminal
  }

  @Test func `a line is answered and the end of input leaves`() throws {
    let terminal = try PseudoTerminal(in: Repository.root)
    #expect(try terminal.wait(for: "> ").contains(":help  :quit"))
    #expect(try terminal.enter("1 + 1") == "2 : int")
    #expect(try terminal.enter("") == "")
    terminal.send(Self.controlD)
    #expect(try terminal.ending() == 0)
    #expect(terminal.shown.utf8.last == UInt8(ascii: "\n"), "the shell's prompt begins a line")
  }

  @Test func `an entry goes on while it is not whole and Ctrl-C throws it away`() throws {
    let terminal = try start(Project("1"))
    terminal.send("let x = [1.0,\r")
    try terminal.wait(for: "\n. ")
    terminal.send("2.0")
    terminal.send(Self.controlC)
    try terminal.wait(for: "\n> ")
    #expect(try terminal.enter("x").contains("unknown name `x`"))
    terminal.send("let x = [1.0,\r")
    try terminal.wait(for: "\n. ")
    #expect(try terminal.enter("2.0]").contains("[1, 2]"))
    #expect(try terminal.enter("sum(x)") == "3 : real[]")
  }

  @Test func `a pasted layer is one entry`() throws {
    let terminal = try start(Project("1"))
    let stages = Array(repeating: "        |> Linear(8) |> relu", count: 37)
    let layer = (["layer Deep(x: real[B, 8]) -> real[B, 8] {", "    x"] + stages + ["}"])
      .joined(separator: "\n")
    terminal.send("\(Self.escape)[200~\(layer)\(Self.escape)[201~\r")
    try terminal.wait(for: "Deep : layer Deep\n> ")
    #expect(try terminal.enter("Deep()(ones[2, 8])").contains("params 2 664"))
  }

  @Test func `Tab completes names, options, axes, columns, commands and paths`() throws {
    let project = try Project()
    let terminal = try start(project)
    #expect(try terminal.enter(":us\tmnist.dlm").contains("train mnist_cnn"))
    #expect(try terminal.enter(":use mni\t").contains("train mnist_cnn"))
    #expect(try terminal.enter("let h = ones[4, 6]").contains("real[4, 6]"))
    #expect(try terminal.enter("log_soft\t(h, over: 1)[0, 0]").contains("-1.79176"))
    #expect(try offers("h |> Conv(", terminal).contains("stride: "))
    let axes = try offers("sum(mnist, over: ", terminal)
    #expect(["C", "H", "W", "all but"].allSatisfy(axes.contains))
    #expect(try offers("mnist.t", terminal).contains("10 000 rows"))
    let fields = try offers("train fit on mnist.train { minimize nll(net(", terminal)
    #expect(["image ", "real[C, H, W]", "label "].allSatisfy(fields.contains))
    let stages = try offers("h |> relu |> ma", terminal)
    #expect(stages.contains("max") && stages.contains("-> real"))
    #expect(try offers(":type h |> soft", terminal).contains("-> prob[4, 6]"))
    #expect(try offers(":s", terminal).contains("seed"))
    terminal.send("text(\"data/mnist/t10k-l\t")
    try terminal.wait(for: "t10k-labels-idx1-ubyte.gz")
  }

  /// What Tab shows behind `text`, which is thrown away then.
  private func offers(_ text: String, _ terminal: PseudoTerminal) throws -> String {
    terminal.send(text + "\t")
    try terminal.wait(for: text + "\n")
    let offered = try terminal.wait(for: "\n> " + text)
    terminal.send(Self.controlC)
    try terminal.wait(for: "\n> ")
    return offered
  }

  @Test func `entries come back, whole, in the next session and to a search`() throws {
    let project = try Project("1")
    let environment = ["DLM_HISTORY": project.path + "/state/history"]
    var terminal: PseudoTerminal? = try start(project, environment: environment)
    terminal?.send("let kept = [1.5,\r2.5]\r")
    try terminal?.wait(for: "kept : real[2] = [1.5000, 2.5000]\n> ")
    terminal?.send(Self.controlD)
    #expect(try terminal?.ending() == 0)
    terminal = nil
    let again = try start(project, environment: environment)
    again.send("let other = 7\r")
    try again.wait(for: "\n> ")
    again.send(Self.up + Self.up + "\r")
    try again.wait(for: "kept : ")
    try again.wait(for: "\n> ")
    again.send(Self.controlR + "other\r")
    try again.wait(for: "other : int = 7\n")
  }

  @Test func `.inputrc knows the program by its name`() throws {
    let project = try Project("1")
    try "$if dlm\n\"\\C-o\": \"20 + 22\"\n$endif\n".write(
      toFile: project.path + "/inputrc", atomically: true, encoding: .utf8)
    let terminal = try start(project, environment: ["INPUTRC": project.path + "/inputrc"])
    terminal.send("\u{0F}\r")
    try terminal.wait(for: "\n42 : int\n")
  }

  @Test func `.inputrc chooses the keys of vi`() throws {
    let project = try Project("1")
    try "set editing-mode vi\n".write(
      toFile: project.path + "/inputrc", atomically: true, encoding: .utf8)
    let terminal = try start(project, environment: ["INPUTRC": project.path + "/inputrc"])
    terminal.send("let q = 41" + Self.escape)
    usleep(700_000)
    terminal.send("r2\r")
    try terminal.wait(for: "q : int = 42\n> ")
    terminal.send("let z = 1" + Self.escape)
    usleep(700_000)
    terminal.send(Self.controlC)
    try terminal.wait(for: "\n> ")
    #expect(try terminal.enter("z").contains("unknown name `z`"))
  }

  @Test func `Ctrl-C ends a computation and nothing of it stays`() throws {
    let terminal = try start(Project("1"))
    try terminal.enter("var n = 1")
    terminal.send("while n > 0 { n = n + 1 }\r")
    usleep(300_000)
    terminal.send(Self.controlC)
    try terminal.wait(for: "stopped")
    try terminal.wait(for: "\n> ")
    #expect(try terminal.enter("n") == "1 : int")
  }

  @Test func `a training that was paused ends with the bytes of one that was not`() throws {
    let project = try Project()
    let terminal = try start(project)
    try terminal.enter(":use mnist.dlm")
    terminal.send(":run mnist_cnn 120 steps\r")
    try terminal.wait(for: "steps/s")
    terminal.send(Self.controlC)
    let pause = Date()
    try terminal.wait(for: "paused after step ")
    #expect(Date().timeIntervalSince(pause) < 5, "it waits for the batch, not for the epoch")
    let done = try #require(Int(try terminal.wait(for: ",")))
    #expect(done < 120)
    try terminal.wait(for: "\n> ")
    #expect(try terminal.enter("net").contains("21 840 params"))
    try terminal.enter(":continue \(120 - done) steps", seconds: 120)
    try terminal.enter(":save paused.safetensors")
    terminal.send(Self.controlD)
    #expect(try terminal.ending() == 0)

    let unbroken = try start(project)
    try unbroken.enter(":use mnist.dlm")
    try unbroken.enter(":run mnist_cnn 120 steps", seconds: 120)
    try unbroken.enter(":save unbroken.safetensors")
    let paths = ["paused", "unbroken"].map { "\(project.path)/\($0).safetensors" }
    let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(files[0] == files[1])
  }

  @Test func `tensors are as wide as the terminal`() throws {
    let narrow = try start(Project("1"), columns: 40)
    let lines = try narrow.enter("ones[30] * 0.5").split(separator: "\n")
    #expect(lines.count > 4)
    #expect(lines.allSatisfy { $0.count <= 40 })
  }

  @Test func `a terminal that has become narrow is one`() throws {
    let terminal = try start(Project("1"), columns: 100)
    #expect(try terminal.enter("ones[30] * 0.5").split(separator: "\n").contains { $0.count > 60 })
    terminal.send("ones[30]")
    try terminal.wait(for: "ones[30]")
    terminal.resize(columns: 50)
    terminal.send(" * 0.5\r")
    try terminal.wait(for: "0.5\n")
    let lines = try terminal.wait(for: "\n> ").split(separator: "\n")
    #expect(lines.count > 4)
    #expect(lines.allSatisfy { $0.count <= 50 })
  }
}
