import DLMRepl

/// Where a prompt gets its lines from.
protocol LineEditor: AnyObject {
  /// Asks for a line.
  ///
  /// - Returns: the line without its end; `nil` at the end of the input.
  /// - Throws: `LineInterrupted` where the user has pressed Ctrl-C.
  func read(prompt: String) throws -> String?

  /// Keeps an entry, of one line or several, to be called back.
  func remember(_ entry: String)

  /// Ends the work: what is kept goes to its file.
  func close()
}

/// The user has thrown the line away.
struct LineInterrupted: Error {}

/// Plain lines: from a pipe or a file, or on a terminal without a library for editing.
final class PlainLineEditor: LineEditor {
  private let showsPrompt: Bool

  init(showsPrompt: Bool) { self.showsPrompt = showsPrompt }

  func read(prompt: String) throws -> String? {
    if showsPrompt { Terminal.out(prompt) }
    guard let line = readLine() else {
      if Interrupts.isRequested {
        Interrupts.reset()
        throw LineInterrupted()
      }
      return nil
    }
    return line
  }

  func remember(_ entry: String) {}

  func close() {}
}
