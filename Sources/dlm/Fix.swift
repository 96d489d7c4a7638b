import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMSyntax

/// `dlm fix mnist.dlm`
struct Fix: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the changes that diagnostics are certain of.")

  @ArgumentParser.Argument(help: "The programs.", completion: .file(extensions: ["dlm"]))
  var files: [String]

  @Flag(help: "Show the changes and write nothing.")
  var dryRun = false

  /// One fix may uncover another; no program needs more rounds than this.
  private static let mostRounds = 20

  func run() throws {
    var isFine = true
    let prelude = Prelude()
    for path in files {
      var program = try Program(reading: path)
      var diagnostics: [Diagnostic] = []
      var count = 0
      for _ in 0..<Self.mostRounds {
        diagnostics = withLargeStack { Check.diagnostics(of: program, prelude) }
        guard let fix = fix(among: diagnostics, in: program.file) else { break }
        show(fix, in: program.file)
        program.file = SourceFile(path: path, text: program.file.applying(fix.edits))
        count += 1
      }
      if count > 0, !dryRun { try Program.write(program.file.text, to: path) }
      Terminal.error("\(path): \(count) \(count == 1 ? "change" : "changes")\n")
      isFine = report(diagnostics) && isFine
    }
    if !isFine { throw ExitStatus.failure.code }
  }

  /// The first change that there is only one of.
  private func fix(among diagnostics: [Diagnostic], in file: SourceFile) -> Diagnostic.Fix? {
    diagnostics.first { $0.fixes.count == 1 && $0.primary.file.path == file.path }?.fixes[0]
  }

  /// The lines that change, before and after.
  private func show(_ fix: Diagnostic.Fix, in file: SourceFile) {
    let before = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    let after = file.applying(fix.edits).split(separator: "\n", omittingEmptySubsequences: false)
    Terminal.out("\(file.path): \(fix.title)\n")
    guard before.count == after.count else { return }
    for (old, new) in zip(before, after) where old != new {
      Terminal.out("- \(old)\n+ \(new)\n")
    }
  }
}
