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
      var diagnostics = withLargeStack { Check.diagnostics(of: program, prelude) }
      var count = 0
      while count < Self.mostRounds,
        let (fix, changed, left) = change(program, diagnostics, prelude)
      {
        show(fix, in: program.file)
        (program, diagnostics) = (changed, left)
        count += 1
      }
      if count > 0, !dryRun { try Program.write(program.file.text, to: path) }
      Terminal.error("\(path): \(count) \(count == 1 ? "change" : "changes")\n")
      isFine = report(diagnostics) && isFine
    }
    if !isFine { throw ExitStatus.failure.code }
  }

  /// The first change that there is only one of and that leaves no more errors than there were, with
  /// the program after it and what is wrong with that.
  private func change(_ program: Program, _ diagnostics: [Diagnostic], _ prelude: Prelude)
    -> (fix: Diagnostic.Fix, program: Program, left: [Diagnostic])?
  {
    let file = program.file
    for one in diagnostics where one.fixes.count == 1 && one.primary.file.path == file.path {
      var changed = program
      changed.file = SourceFile(path: file.path, text: file.applying(one.fixes[0].edits))
      let left = withLargeStack { Check.diagnostics(of: changed, prelude) }
      let errors = [diagnostics, left].map { $0.count { $0.severity == .error } }
      if errors[1] <= errors[0] { return (one.fixes[0], changed, left) }
    }
    return nil
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
