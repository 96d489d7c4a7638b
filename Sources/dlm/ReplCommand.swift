import ArgumentParser
import DLMInterpreter
import DLMRepl
import DLMSyntax

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
    let repl = try Repl(on: device, seed: seed) { progress.show($0) }
    let editor: any LineEditor =
      ReadlineEditor(for: repl, historyPath: Terminal.historyPath)
      ?? PlainLineEditor(showsPrompt: Terminal.isInteractive)
    defer { editor.close() }
    if Terminal.isInteractive {
      let head = "dlm \(DLMCommand.configuration.version) · \(repl.place) · seed \(seed ?? 0)"
      Terminal.out(head + String(repeating: " ", count: max(2, 60 - head.count)) + ":help  :quit\n")
    }
    var log = RunLogFile()
    while !repl.isOver, let entry = try Self.entry(from: editor) {
      Interrupts.reset()
      let lines = try repl.enter(entry)
      progress.close()
      for line in lines { Terminal.out(style.text(of: line)) }
      if let news = log.update(repl) { Terminal.out(style.text(of: .note(news))) }
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
    let repl = try Repl(on: device, seed: seed) { event in
      if let message = MachineMode.message(event) { Terminal.out(message.text + "\n") }
    }
    var log = RunLogFile()
    while !repl.isOver, let line = readLine() {
      Interrupts.reset()
      Terminal.out(try writer.answer(line, repl).text + "\n")
      _ = log.update(repl)
    }
  }
}
