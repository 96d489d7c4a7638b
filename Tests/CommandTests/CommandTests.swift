import Foundation
import Testing

/// The command line from outside: what it writes where, and the codes that it ends with.
@Suite struct CommandTests {
  @Test func `a program runs with or without the word run`() throws {
    for arguments in [["run", "examples/neuron.dlm"], ["examples/neuron.dlm"]] {
      let ending = try dlm(arguments)
      #expect(ending.status == 0)
      #expect(ending.output.contains("turn 100: cost"))
      #expect(ending.errors.isEmpty)
    }
  }

  static let examples =
    (try? FileManager.default.contentsOfDirectory(
      atPath: Repository.root + "/examples"))?.filter { $0.hasSuffix(".dlm") }.sorted() ?? []

  @Test(arguments: examples) func `every example checks and takes a step`(name: String) throws {
    let ending = try dlm("run", "examples/\(name)", "--smoke", "--quiet")
    #expect(ending.status == 0)
    #expect(ending.errors.isEmpty, "\(ending.errors)")
  }

  @Test(arguments: ["cnn", "mlp", "resnet20", "lstm", "gpt", "xor"])
  func `a model that others are measured with takes a step`(name: String) throws {
    let ending = try dlm("bench", name, "--seconds", "0", "--json")
    #expect(ending.status == 0)
    #expect(ending.errors.isEmpty, "\(ending.errors)")
    #expect(ending.output.contains("\"case\": \"\(name)\""), "\(ending.output)")
  }

  /// A line of each stage that only that stage writes.
  @Test(arguments: [
    ("tokens", "2:1 name data"), ("tree", "layer"), ("shapes", "Linear(8)  real[B, 8]"),
    ("graph", "tanh("), ("gradient", "net.linear1.w <- %"), ("plan", "slots"),
  ])
  func `what passes between two steps can be seen`(stage: String, line: String) throws {
    let ending = try dlm("dump", stage, "examples/xor.dlm")
    #expect(ending.status == 0)
    #expect(ending.errors.isEmpty)
    #expect(ending.output.contains(line), "\(ending.output)")
  }

  @Test func `results go to the output and progress to the errors`() throws {
    let ending = try dlm("run", "examples/mnist.dlm", "--smoke", "--seed", "3")
    #expect(ending.status == 0)
    #expect(ending.output.contains("test.acc"))
    #expect(ending.errors.contains("938 steps of 64 an epoch"))
    #expect(!ending.errors.contains("\u{1B}"), "no colour where it is no terminal")
    let quiet = try dlm("run", "examples/mnist.dlm", "--smoke", "--seed", "3", "--quiet")
    #expect(quiet.errors.isEmpty)
    #expect(quiet.output == ending.output)
  }

  @Test func `what steps log is written each time, with the terms of a loss`() throws {
    let project = try Project(
      """
      data d = rows(x: uniform[8, 3], y: uniform[8, 1])
      layer N(x: real[B, 3]) -> real[B, 1] {
        let h = x |> Linear(4) |> sigmoid
        penalize 0.001 * mean(h) as sparsity
        h |> Linear(1)
      }
      let n = N()
      train t on d {
        batch 4
        epochs 2
        minimize mse(n(x), y) over n with SGD(lr: 0.1)
        every 2 steps { log loss, loss.terms }
      }
      """)
    let ending = try dlm("run", project.program)
    let lines = ending.output.split(separator: "\n").map { line in
      line.split(separator: " ").filter { Double($0) == nil || !$0.contains(".") }
    }
    #expect(
      lines == [2, 4].map { ["step", "\($0)", "loss", "mse", "sparsity"] }, "\(ending.output)")
  }

  @Test func `checking reads no more than headers and says nothing about what is right`() throws {
    let project = try Project()
    // The images are cut short behind their header: a check does not care, a run does.
    let images = try project.bytes("train-images-idx3-ubyte.gz").prefix(100_000)
    try project.replace("train-images-idx3-ubyte.gz", by: images)
    let check = try dlm("check", project.program)
    #expect(check.status == 0)
    #expect(check.output.isEmpty && check.errors.isEmpty)
    let run = try dlm("run", project.program, "--smoke")
    #expect(run.status == 1)
    #expect(run.errors.contains("breaks off"))
  }

  @Test func `a wrong width is explained and nothing runs`() throws {
    let project = try Project()
    try project.edit("Linear(50)", "Linear(50, in: 300)")
    let ending = try dlm("run", project.program)
    #expect(ending.status == 1)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains("Linear was told to expect 300 features, but gets 320"))
    #expect(ending.errors.contains("20 * 4 * 4"))
    #expect(ending.errors.components(separatedBy: "error[").count == 2)
  }

  @Test func `what is certain is mended`() throws {
    let project = try Project()
    let right = try String(contentsOfFile: project.program, encoding: .utf8)
    try project.edit("Linear(50)", "Linear(50, in: 300)")
    try project.edit("momentum: 0.5", "momentun: 0.5")
    let wrong = try String(contentsOfFile: project.program, encoding: .utf8)
    let dry = try dlm("fix", "--dry-run", project.program)
    #expect(dry.output.contains("- ") && dry.output.contains("+ "))
    #expect(try String(contentsOfFile: project.program, encoding: .utf8) == wrong)
    let ending = try dlm("fix", project.program)
    #expect(ending.status == 0, "\(ending.errors)")
    let stated = right.replacingOccurrences(of: "Linear(50)", with: "Linear(50, in: 320)")
    #expect(try String(contentsOfFile: project.program, encoding: .utf8) == stated)
  }

  @Test func `an unknown option offers the nearest`() throws {
    let project = try Project()
    try project.edit("momentum: 0.5", "momentun: 0.5")
    let ending = try dlm("run", project.program)
    #expect(ending.status == 1)
    #expect(ending.errors.contains("did you mean `momentum`?"))
  }

  @Test(arguments: [
    (["run", "missing.dlm"], "missing.dlm"), (["run", "examples"], "is a folder"),
    (["run", "examples/mnist.dlm", "--threads", "0"], "--threads must be at least 1"),
    (["run", "examples/mnist.dlm", "--set", "rate=1"], "the program binds no such name"),
    (["run", "examples/mnist.dlm", "--set", "rate"], "name=value"),
    (["run", "examples/mnist.dlm", "--fast"], "--fast"),
    (["run", "examples/mnist.dlm", "--resume", "missing.safetensors"], "missing.safetensors"),
    (["run", "examples/mnist.dlm", "--evaluate", "README.md"], "README.md"),
  ])
  func `wrong usage is told in a line and ends with 64`(arguments: [String], words: String) throws {
    let ending = try dlm(arguments)
    #expect(ending.status == 64)
    #expect(ending.errors.contains(words), "\(ending.errors)")
    #expect(ending.output.isEmpty)
  }

  /// The table of the README, but for 70, which only a mistake in dlm itself can bring about.
  @Test func `codes are those of the table`() throws {
    let blocked = try Project()
    try Data().write(to: URL(fileURLWithPath: blocked.path + "/runs"))
    #expect(try dlm("run", blocked.program).status == 73)
    try blocked.write("print normal[10000000, 10000000]")
    let memory = try dlm("run", blocked.program)
    #expect(memory.status == 75)
    #expect(memory.errors.contains("there is no memory"))
    try blocked.write("print 1")
    #expect(try dlm("run", blocked.program).status == 0)
    try blocked.write("print one")
    #expect(try dlm("run", blocked.program).status == 1)
    #expect(try dlm("run").status == 64)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal saves what was reached and says how to go on`(signal: Int32) throws {
    let project = try Project()
    try project.edit("epochs 10", "epochs 1000")
    let (process, errors) = try start("run", project.program)
    // The first line says that the training has begun.
    var text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    kill(process.processIdentifier, signal)
    text += String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 128 + signal)
    let checkpoint = project.path + "/runs/mnist/last.safetensors"
    #expect(
      text.contains("go on with: dlm run \(project.program) --resume \(checkpoint)"), "\(text)")
    #expect(FileManager.default.fileExists(atPath: checkpoint))
    #expect(try dlm("run", project.program, "--evaluate", checkpoint).status == 0)
  }

  @Test func `another value for a name is checked like the program`() throws {
    let project = try Project("let rate = 0.5\nlet n = 3\ndim width = 4\nprint rate, n, width")
    #expect(try dlm("run", project.program, "--set", "rate=0.25").output == "0.25 3 4\n")
    #expect(try dlm("run", project.program, "--set", "width=8").output == "0.5 3 8\n")
    #expect(try dlm("run", project.program, "--set", "width=wide").status == 1)
    let wrong = try dlm("run", project.program, "--set", "n=many")
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("many"))
  }
}

/// Damaged data: one diagnostic each, never a crash.
@Suite struct DataErrorTests {
  private static let images = "train-images-idx3-ubyte.gz"
  private static let labels = "train-labels-idx1-ubyte.gz"

  /// The diagnostic of a run, of which there must be exactly one.
  private func diagnostic(_ project: Project) throws -> String {
    let ending = try dlm("run", project.program, "--smoke", "--quiet")
    #expect(ending.status == 1)
    #expect(ending.errors.components(separatedBy: "error[").count == 2, "\(ending.errors)")
    #expect(ending.errors.contains("mnist.dlm:"))
    #expect(ending.errors.contains("help:"))
    #expect(ending.output.isEmpty)
    return ending.errors
  }

  @Test func `a missing file`() throws {
    let project = try Project()
    try project.replace(Self.images, by: nil)
    #expect(try diagnostic(project).contains("there is no file"))
  }

  @Test func `a folder in place of a file`() throws {
    let project = try Project()
    try project.replace(Self.images, by: nil)
    try FileManager.default.createDirectory(
      atPath: "\(project.data)/\(Self.images)", withIntermediateDirectories: false)
    #expect(try diagnostic(project).contains("is a folder"))
  }

  @Test func `a file that is cut short`() throws {
    let project = try Project()
    try project.replace(Self.labels, by: try project.bytes(Self.labels).prefix(9000))
    #expect(try diagnostic(project).contains("breaks off"))
  }

  @Test func `a file of another format`() throws {
    let project = try Project()
    try project.replace(Self.labels, by: Data("<html>not found</html>".utf8))
    #expect(try diagnostic(project).contains("is no IDX file"))
  }

  @Test func `labels of another number`() throws {
    let project = try Project()
    try project.replace(Self.labels, by: try project.bytes("t10k-labels-idx1-ubyte.gz"))
    let text = try diagnostic(project)
    #expect(text.contains("10000 labels") && text.contains("60000 images"))
  }

  @Test func `a label that is no class`() throws {
    let project = try Project()
    try project.edit("classes: 10", "classes: 9")
    try project.edit("Linear(10)", "Linear(9)")
    try project.edit("logprob[B, 10]", "logprob[B, 9]")
    #expect(try diagnostic(project).contains("row 4 of"))
  }
}
