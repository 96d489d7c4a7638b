import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMSyntax

extension DiagnosticFormat: ExpressibleByArgument {}

/// `dlm check mnist.dlm`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check programs without running them; of data only the headers are read.")

  @ArgumentParser.Argument(help: "The programs.", completion: .file(extensions: ["dlm"]))
  var files: [String]

  @Option(help: "How diagnostics are written: human, short, json, sarif, github.")
  var format = DiagnosticFormat.human

  @Flag(help: "Warnings and notes fail the check too.")
  var strict = false

  func run() throws {
    var found: [Diagnostic] = []
    let prelude = Prelude()
    for path in files {
      let program = try Program(reading: path)
      found += withLargeStack { Self.diagnostics(of: program, prelude) }
    }
    switch format {
    case .human: _ = report(found)
    case .short, .json, .sarif, .github: Terminal.out(format.text(found))
    }
    let fails = strict ? !found.isEmpty : found.contains { $0.severity == .error }
    if fails { throw ExitStatus.failure.code }
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
