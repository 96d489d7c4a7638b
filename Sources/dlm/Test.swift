import ArgumentParser
import DLMInterpreter
import DLMSyntax

/// `dlm test layers.dlm`
struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the tests of programs.",
    discussion: """
      Each `test "name" { ... }` runs its body; `train` blocks are passed over. Lines `//> ...` below a \
      statement say what it prints. Programs between lines of three backticks in doc comments run too.
      """)

  @ArgumentParser.Argument(help: "The programs.", completion: .file(extensions: ["dlm"]))
  var files: [String]

  @Flag(help: "Write into the files what is printed, as lines `//> ...`.")
  var record = false

  @OptionGroup var device: DeviceOptions

  func run() throws {
    var (passed, failed) = (0, 0)
    for path in files {
      let program = try Program(reading: path)
      let parsed = Parser.parse(program.file)
      let session = try Session(
        folder: program.folder, options: RunOptions(), backend: device.backend(),
        send: { if case .printed(let text) = $0 { Terminal.out(text + "\n") } })
      var diagnostics = parsed.diagnostics
      if diagnostics.isEmpty {
        diagnostics = try withLargeStack { () throws in
          let run = try session.test(parsed.tree, records: record) { name, diagnostic in
            Terminal.out("\(diagnostic == nil ? "passed" : "FAILED")  \(path): \(name)\n")
            if let diagnostic { _ = report([diagnostic]) }
            passed += diagnostic == nil ? 1 : 0
            failed += diagnostic == nil ? 0 : 1
          }
          if record, !run.recording.isEmpty {
            try Program.write(program.file.applying(run.recording), to: path)
          }
          return run.diagnostics
        }
      }
      if !report(diagnostics) { failed += 1 }
    }
    Terminal.out("\(passed) passed, \(failed) failed\n")
    if failed > 0 { throw ExitStatus.failure.code }
  }
}
