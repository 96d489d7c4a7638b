import ArgumentParser
import DLMCPU
import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMSyntax
import DLMTensor

/// `dlm run mnist.dlm`
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a program and run it.",
    discussion: "Results go to standard output, progress to standard error.")

  @ArgumentParser.Argument(help: "The program.", completion: .file(extensions: ["dlm"]))
  var file: String

  @Option(
    name: .customLong("set"), help: "Another value for a name that the program binds: --set lr=0.1."
  )
  var settings: [String] = []

  @Option(help: "Epochs of every train block.")
  var epochs: Int?

  @Option(help: "Seed of first values, shuffling and dropout.")
  var seed: UInt64?

  @OptionGroup var device: DeviceOptions

  @Flag(help: "One batch of each loop; nothing is written.")
  var smoke = false

  @Flag(help: "Time each kernel of the steps; print a table by line and by operator in the end.")
  var profile = false

  @Option(help: "With --profile, a file for chrome://tracing or Perfetto.")
  var trace: String?

  @Flag(help: "No progress.")
  var quiet = false

  @Option(help: "Go on from a checkpoint: its file, or the folder of the checkpoints.")
  var resume: String?

  @Option(help: "Train nothing; run what `eval` says on a checkpoint.")
  var evaluate: String?

  func validate() throws {
    if let epochs, epochs < 0 { throw ValidationError("--epochs must not be negative.") }
    if resume != nil, evaluate != nil {
      throw ValidationError("--resume trains and --evaluate does not: give one of them.")
    }
    if trace != nil, !profile { throw ValidationError("--trace needs --profile.") }
    for setting in settings where !setting.contains("=") {
      throw ValidationError("--set takes name=value, not `\(setting)`.")
    }
  }

  func run() throws {
    Interrupts.install()
    let program = try Program(reading: file)
    let view = RunView(isQuiet: quiet)
    do {
      try withLargeStack { () throws in try run(program, view) }
    } catch let interruption as Interruption {
      view.close()
      Terminal.error(
        """
        stopped after step \(interruption.step) of \(interruption.training); saved to \
        \(interruption.checkpoint)
        go on with: \(Self.command(resuming: interruption.checkpoint))

        """)
      throw ExitStatus.stopped(by: Interrupts.received)
    }
  }

  /// This command again, from `checkpoint` on.
  private static func command(resuming checkpoint: String) -> String {
    var words = ["dlm"]
    var rest = CommandLine.arguments.dropFirst()
    while let word = rest.popFirst() {
      if word == "--resume" {
        _ = rest.popFirst()
      } else if !word.hasPrefix("--resume=") {
        words.append(word)
      }
    }
    return (words + ["--resume", checkpoint]).joined(separator: " ")
  }

  private func run(_ program: Program, _ view: RunView) throws {
    let parsed = Parser.parse(program.file)
    guard report(parsed.diagnostics) else { throw ExitStatus.failure.code }
    let profile = profile ? RunProfile() : nil
    let session = try makeSession(program, view, profile)
    let diagnostics: [Diagnostic]
    do {
      diagnostics = try session.run(parsed.tree)
    } catch let error as UnknownOverride {
      throw UsageError(error.message)
    } catch let error as UnknownTraining {
      throw UsageError(error.message)
    }
    view.close()
    if let profile { try show(ProfileReport(profile, program: program.file.text)) }
    guard report(diagnostics) else { throw ExitStatus(diagnostics).code }
  }

  private func show(_ report: ProfileReport) throws {
    Terminal.error(report.text)
    guard let trace else { return }
    do throws(FileError) {
      try AtomicFile.write(trace) { (file) throws(FileError) in
        try file.write(report.trace)
      }
    } catch {
      throw UsageError("`\(trace)` cannot be written: \(error.reason)")
    }
  }

  private func makeSession(_ program: Program, _ view: RunView, _ profile: RunProfile?) throws
    -> Session
  {
    do {
      var options = options
      options.profile = profile
      return try Session(
        folder: program.folder, options: options, backend: device.backend(),
        control: { Interrupts.isRequested ? .interrupt : .goOn }, confirm: Self.confirm,
        send: { event in
          switch event {
          case .began: Interrupts.listen(true)
          case .ended: Interrupts.listen(false)
          default: break
          }
          view.show(event)
        })
    } catch let error as SafetensorsError {
      throw UsageError("the checkpoint cannot be read: \(error.message)")
    } catch let error as NotACheckpoint {
      throw UsageError(
        "`\(error.path)` is no checkpoint of dlm: it does not say its \(error.missing).")
    }
  }

  /// Writes what differs from the program of a checkpoint; asks where somebody can answer.
  private static func confirm(_ differences: [String]) -> Bool {
    let lines = differences.map { "  \($0)\n" }.joined()
    Terminal.error("the program is not that of the checkpoint:\n\(lines)")
    guard Terminal.isAsked else { return true }
    Terminal.error("go on with the program as it is now? [y/n] ")
    return readLine()?.lowercased().hasPrefix("y") ?? false
  }

  private var options: RunOptions {
    var options = RunOptions()
    options.epochs = epochs
    options.seed = seed
    options.isSmoke = smoke
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      options.overrides[String(parts[0])] = String(parts[1])
    }
    if let resume { options.start = .resume(path: resume) }
    if let evaluate { options.start = .evaluate(path: evaluate) }
    return options
  }
}

/// Writes diagnostics to standard error.
///
/// - Returns: whether there is no error among them.
func report(_ diagnostics: [Diagnostic]) -> Bool {
  let renderer = DiagnosticRenderer(usesColor: Terminal.usesColor)
  for diagnostic in diagnostics { Terminal.error(renderer.render(diagnostic)) }
  return !diagnostics.contains { $0.severity == .error }
}
