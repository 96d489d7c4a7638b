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
      text.isCommand ? command(before) : program(before, String(decoding: bytes[place...], as: UTF8.self))
    let word = String(decoding: bytes[completion.start..<place], as: UTF8.self)
    completion.candidates.removeAll {
      !$0.name.hasPrefix(word) || $0.kind == .file && $0.name.hasPrefix(".") && word.isEmpty
    }
    return completion
  }

  /// At the end of `before` in an entry that is no command.
  private func program(_ before: String, _ after: String = "") -> Completion {
    // What begins with `|>` goes on with the last value.
    let isGoingOn = before.drop(while: \.isWhitespace).hasPrefix("|>")
    let last = isGoingOn ? lastExpression.map { $0 + "\n" } ?? "" : ""
    let tree = Parser.parse(SourceFile(path: "", text: last + before + after)).tree
    var completion = Completion(
      at: last.utf8.count + before.utf8.count, in: session.program.look(at: tree),
      Completion.Surroundings(
        entries: { [session] in Self.entries(of: session.resolved($0)) },
        results: { [session] in session.program.results(of: $0, behind: $1, in: tree) }))
    completion.start -= last.utf8.count
    return completion
  }

  /// The name of a command; behind it what it takes.
  private func command(_ before: String) -> Completion {
    let words = before.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
    let length = before.utf8.count
    guard let word = words.first, words.count > 1 || before.last?.isWhitespace == true else {
      let name = before.drop(while: \.isWhitespace).dropFirst()
      return Completion(
        start: length - name.utf8.count,
        Command.all.map { command in
          var candidate = Completion.Candidate(command.name, .command, command.summary)
          candidate.insertion = command.name + (command.arguments.isEmpty ? "" : " ")
          return candidate
        })
    }
    let argument = words.count > 1 ? words[1] : ""
    let start = length - argument.utf8.count
    switch Command.named(String(word.dropFirst()))?.takes {
    case .training?:
      return Completion(start: start, session.trainings.map { .init($0, .data, "train") })
    case .command?:
      return Completion(start: start, Command.all.map { .init($0.name, .command, $0.summary) })
    case .file?:
      let folder = argument.lastIndex(of: "/").map { String(argument[...$0]) } ?? ""
      return Completion(
        start: start + folder.utf8.count,
        Self.entries(of: session.resolved(folder)).map { .init($0, .file) })
    case .program?:
      var completion = program(argument)
      completion.start += start
      return completion
    case .device?:
      return Completion(start: start, host.devices.map { .init($0, .keyword) })
    case .nothing?, nil: return Completion(start: length, [])
    }
  }

  /// Files and folders, the latter with `/` behind them.
  private static func entries(of folder: String) -> [String] {
    FileSystem.entries(of: folder.isEmpty ? "." : folder).map { $0.name + ($0.isFolder ? "/" : "") }
  }
}
