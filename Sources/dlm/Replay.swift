import ArgumentParser
import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMRepl
import DLMSyntax

/// `dlm replay runs/fit/session.log`
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do again what was entered at a prompt, number by number.",
    discussion: """
      A prompt writes runs/TRAINING/session.log as often as a training of it pauses or ends. The log has \
      everything that was entered: what was changed between steps happens between the same steps again.
      """)

  @ArgumentParser.Argument(help: "The log.", completion: .file(extensions: ["log"]))
  var log: String

  @Option(help: "Write all weights to a .safetensors file in the end.")
  var save: String?

  @OptionGroup var device: DeviceOptions

  func run() throws {
    Interrupts.install()
    Interrupts.bePatient()
    try withLargeStack { () throws in try replay(try read()) }
  }

  private func read() throws -> RunLog {
    do {
      return try RunLog(parsing: try TextFile.read(log))
    } catch let error as TextFileError {
      throw UsageError("cannot read `\(log)`: \(error.reason)")
    } catch let error as MachineError {
      throw UsageError("\(log): \(error.message)\(error.help.map { "; \($0)" } ?? "")")
    }
  }

  private func replay(_ log: RunLog) throws {
    let progress = RunView(isQuiet: false)
    let style = LineText(usesColor: Terminal.usesColor, width: { Terminal.width })
    let repl = try Repl(on: device, seed: log.seed) { progress.show($0) }
    for line in log.lines {
      if case .entry(let text) = line {
        Terminal.out("> \(text.trimmed.replacing("\n", with: "\n. "))\n")
      }
      let (lines, isSame) = try repl.replay(line)
      progress.close()
      for line in lines { Terminal.out(style.text(of: line)) }
      if Interrupts.isRequested { throw ExitStatus.stopped(by: Interrupts.received) }
      guard isSame else {
        Terminal.error(
          "error: the numbers are not those of the log from here on\n"
            + "  help: data, a file that the program uses, or dlm itself has changed since\n")
        throw ExitStatus.failure.code
      }
    }
    if let save { try repl.session.save(to: save) }
    let step = repl.session.standing?.position.step ?? 0
    Terminal.out("replayed, standing after step \(step): every number is what it was\n")
  }
}
