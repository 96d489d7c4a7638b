import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMSyntax

/// `dlm check mnist.dlm`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check programs without running them; of data only the headers are read.")

  @ArgumentParser.Argument(help: "The programs.", completion: .file(extensions: ["dlm"]))
  var files: [String]

  func run() throws {
    var isFine = true
    let prelude = Prelude()
    for path in files {
      let program = try Program(reading: path)
      let diagnostics = withLargeStack { Self.diagnostics(of: program, prelude) }
      isFine = report(diagnostics) && isFine
    }
    if !isFine { throw ExitStatus.failure.code }
  }

  static func diagnostics(of program: Program, _ prelude: Prelude) -> [Diagnostic] {
    let parsed = Parser.parse(program.file)
    guard parsed.diagnostics.isEmpty else { return parsed.diagnostics }
    let evaluator = Evaluator(
      prelude: prelude, provider: FileDataProvider(folder: program.folder))
    evaluator.check(parsed.tree)
    return evaluator.diagnostics
  }
}
