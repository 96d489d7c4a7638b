import ArgumentParser
import CReadline
import DLMCPU
import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMRepl
import DLMSyntax
import DLMTensor

/// `dlm`, `dlm repl`
struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Evaluate what is entered, line by line.",
    discussion: "`dlm` without arguments does the same.")

  @OptionGroup var device: DeviceOptions

  @Option(help: "Seed of draws and first values, whatever a training says; 0 by default.")
  var seed: UInt64?

  @Flag(help: "One JSON object a line, in and out, for notebooks and editors.")
  var json = false

  func run() throws {
    Interrupts.install()
    Interrupts.bePatient()
    try withLargeStack { () throws in
      if json {
        try talk()
      } else {
        try prompt()
      }
    }
  }

  /// Asks a person, until the input ends.
  private func prompt() throws {
    let progress = RunView(isQuiet: false)
    let style = LineText(usesColor: Terminal.usesColor, width: { Terminal.width })
    let repl = try makeRepl { progress.show($0) }
    let editor: any LineEditor =
      ReadlineEditor(for: repl, historyPath: Terminal.historyPath)
      ?? PlainLineEditor(showsPrompt: Terminal.isInteractive)
    defer { editor.close() }
    if Terminal.isInteractive {
      let head = "dlm \(DLMCommand.configuration.version) · \(repl.place) · seed \(seed ?? 0)"
      Terminal.out(head + String(repeating: " ", count: max(2, 60 - head.count)) + ":help  :quit\n")
    }
    while !repl.isOver, let entry = try Self.entry(from: editor) {
      Interrupts.reset()
      let lines = try repl.enter(entry)
      progress.close()
      for line in lines { Terminal.out(style.text(of: line)) }
    }
  }

  /// A whole entry: lines are asked for until the parser has enough of them, or one is empty.
  ///
  /// - Returns: `nil` at the end of the input.
  private static func entry(from editor: any LineEditor) throws -> String? {
    var entry = ""
    while true {
      (editor as? ReadlineEditor)?.linesBefore = entry
      do {
        guard let line = try editor.read(prompt: entry.isEmpty ? "> " : ". ") else {
          if Terminal.isInteractive { Terminal.out("\n") }
          return entry.isEmpty ? nil : entry
        }
        let isGivenUp = line.allSatisfy(\.isWhitespace)
        entry += line
        if isGivenUp || !Repl.isIncomplete(entry) { break }
        entry += "\n"
      } catch is LineInterrupted {
        entry = ""
      }
    }
    if entry.contains(where: { !$0.isWhitespace }) { editor.remember(entry) }
    return entry
  }

  /// Talks to a program, until the input ends.
  private func talk() throws {
    let writer = MachineMode()
    let repl = try makeRepl { event in
      if let message = MachineMode.message(event) { Terminal.out(message.text + "\n") }
    }
    while !repl.isOver, let line = readLine() {
      Interrupts.reset()
      Terminal.out(try writer.answer(line, repl).text + "\n")
    }
  }

  private func makeRepl(_ send: @escaping (RunEvent) -> Void) throws -> Repl {
    let threads = device.threads ?? CPUBackend.processorCount
    let session = InteractiveSession(
      folder: "", backend: try device.backend(), seed: seed,
      interruptions: { Interrupts.count }, send: send)
    return Repl(session, host: host, device: device.device.rawValue, threads: threads)
  }

  private var host: ReplHost {
    ReplHost(
      width: { Terminal.width },
      backend: { name, threads in
        var options = DeviceOptions()
        options.device = DeviceOptions.Device(rawValue: name) ?? .cpu
        options.threads = threads
        options.isa = device.isa
        return try options.backend()
      },
      devices: DeviceOptions.Device.allCases.map(\.rawValue),
      processorCount: CPUBackend.processorCount, report: Self.report,
      seconds: { Terminal.seconds })
  }

  /// What has been found on this machine.
  private static func report() -> [String] {
    let readline =
      dlm_readline_load()
      ? String(cString: dlm_readline_library()) : "not found: lines are read plainly"
    return [
      "dlm       \(DLMCommand.configuration.version)",
      "kernels   \(CPUBackend.instructionSets.joined(separator: ", "))",
      "threads   \(CPUBackend.processorCount)",
      "readline  \(readline)",
      "history   \(Terminal.historyPath ?? "none: no home folder")",
    ]
  }
}

extension Repl {
  /// `cpu (2 threads)`
  var place: String { "\(device) (\(threads) threads)" }
}
