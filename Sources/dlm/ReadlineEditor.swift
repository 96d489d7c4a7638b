import CReadline
import DLMFormats
import DLMFrontend
import DLMRepl

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines edited with GNU readline: history, search, several lines pasted at once, Tab.
///
/// One at a time: the library keeps its state in globals.
final class ReadlineEditor: LineEditor {
  /// Entries that the history file keeps.
  private static let longestHistory: Int32 = 5000
  private let historyPath: String?
  private let repl: Repl
  /// Lines of the entry that stand above the one being edited.
  var linesBefore = ""
  /// What was offered last, to be shown with their types.
  private var offered: [Completion.Candidate] = []

  /// - Returns: `nil` where the library is missing, or input or output is no terminal.
  init?(for repl: Repl, historyPath: String?) {
    guard isatty(0) != 0, isatty(1) != 0, dlm_readline_load() else { return nil }
    self.repl = repl
    self.historyPath = historyPath
    dlm_readline_begin("dlm")
    dlm_readline_set_completer(
      { line, start, cursor, context in
        guard let line, let context else { return nil }
        return Unmanaged<ReadlineEditor>.fromOpaque(context).takeUnretainedValue()
          .complete(String(cString: line), Int(start), Int(cursor))
      },
      { candidates, count, context in
        guard let context else { return }
        Unmanaged<ReadlineEditor>.fromOpaque(context).takeUnretainedValue().list()
      }, Unmanaged.passUnretained(self).toOpaque())
    if let historyPath { _ = dlm_readline_read_history(historyPath) }
  }

  func read(prompt: String) throws -> String? {
    var isInterrupted = false
    guard let line = dlm_readline_read(prompt, &isInterrupted) else { return nil }
    defer { free(line) }
    if isInterrupted { throw LineInterrupted() }
    return String(decoding: UnsafeRawBufferPointer(start: line, count: strlen(line)), as: UTF8.self)
  }

  /// Written at once: a window that is closed ends the process without a word.
  func remember(_ entry: String) {
    dlm_readline_add_history(entry)
    writeHistory()
  }

  func close() { writeHistory() }

  private func writeHistory() {
    guard let historyPath else { return }
    if let end = historyPath.lastIndex(of: "/") {
      do throws(FileError) {
        try FileSystem.createFolder(String(historyPath[..<end]))
      } catch {
        return
      }
    }
    _ = dlm_readline_write_history(historyPath, Self.longestHistory)
  }

  /// Candidates as C strings that the library frees.
  private func complete(_ line: String, _ start: Int, _ cursor: Int)
    -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  {
    let before = Array(linesBefore.utf8)
    let text = linesBefore + line
    let found = repl.complete(text, at: before.count + cursor)
    offered = found.candidates
    guard !offered.isEmpty else { return nil }
    // The library replaces the word that it has found; ours may begin elsewhere.
    let bytes = Array(line.utf8)
    let own = found.start - before.count
    let prefix =
      own > start ? String(decoding: bytes[start..<min(own, cursor)], as: UTF8.self) : ""
    let surplus = own < start ? String(decoding: bytes[max(0, own)..<start], as: UTF8.self) : ""
    let texts = offered.compactMap { candidate -> String? in
      let text = prefix + candidate.text
      guard text.hasPrefix(surplus) else { return nil }
      return String(text.dropFirst(surplus.count))
    }
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { (list + index).initialize(to: strdup(text)) }
    (list + texts.count).initialize(to: nil)
    return list
  }

  /// Shows what was offered, one a line with its type, as many as the terminal has room for.
  private func list() {
    let (columns, rows) = Terminal.size
    let width = offered.map(\.name.count).max() ?? 0
    let count = offered.count < rows - 1 ? offered.count : max(1, rows - 3)
    let lines = offered.prefix(count).map { candidate in
      let gap = String(repeating: " ", count: width - candidate.name.count + 2)
      let detail = candidate.detail.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let line = candidate.name + (detail.isEmpty ? "" : gap + detail)
      return line.count < columns ? line : String(line.prefix(columns - 2)) + "…"
    }
    let rest = offered.count > count ? ["... \(offered.count - count) more"] : []
    Terminal.out("\n" + (lines + rest).joined(separator: "\n") + "\n")
  }
}
