import DLMFormats
import DLMFrontend
import DLMSyntax

extension Repl {
  /// What could stand at byte `place` of an entry, stages of a pipe with the shapes that they give.
  package func complete(_ text: String, at place: Int) -> Completion {
    let bytes = Array(text.utf8)
    var place = min(max(0, place), bytes.count)
    // Inside a character: before it.
    while place > 0, place < bytes.count, bytes[place] & 0xC0 == 0x80 { place -= 1 }
    let before = String(decoding: bytes[..<place], as: UTF8.self)
    var completion =
      text.isCommand
      ? command(completing: before)
      : program(before, String(decoding: bytes[place...], as: UTF8.self))
    let word = String(decoding: bytes[completion.start..<place], as: UTF8.self)
    completion.candidates.removeAll {
      !$0.name.hasPrefix(word) || $0.kind == .file && $0.name.hasPrefix(".") && word.isEmpty
    }
    return completion
  }

  /// At the end of `before` in an entry that is no command.
  func program(_ before: String, _ after: String = "") -> Completion {
    // What begins with `|>` goes on with the last value.
    let isGoingOn = before.drop(while: \.isWhitespace).hasPrefix("|>")
    let last = isGoingOn ? lastExpression.map { $0 + "\n" } ?? "" : ""
    let place = last.utf8.count + before.utf8.count
    let file = SourceFile(path: "", text: last + before + after).closed(at: place)
    let tree = Parser.parse(file).tree
    var completion = Completion(
      at: place, in: session.program.look(at: tree),
      Completion.Surroundings(
        entries: { [session] in Self.entries(of: session.resolved($0)) },
        results: { [session] in session.program.results(of: $0, behind: $1, in: tree) },
        filled: { [session] in session.program.filled($0) }))
    completion.start -= last.utf8.count
    return completion
  }

  /// Files and folders, the latter with `/` behind them.
  static func entries(of folder: String) -> [String] {
    FileSystem.entries(of: folder.isEmpty ? "." : folder).map { $0.name + ($0.isFolder ? "/" : "") }
  }
}
