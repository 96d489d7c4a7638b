import DLMFormats
import DLMFrontend
import DLMSyntax

extension Repl {
  /// Candidates in a pipe up to which the shape that each gives is computed.
  private static let shapedCandidates = 12

  /// What could stand at byte `place` of an entry, stages of a pipe with the shapes that they give.
  package func complete(_ text: String, at place: Int) -> Completion {
    let program = session.program
    let scope = program.frame.scope
    var completion = Completion(
      in: text, at: place,
      .init(
        value: { scope[$0]?.value ?? program.results[$0]?.value }, names: scope.names,
        dims: Set(program.frame.dims.keys), facts: program.frame.facts,
        files: { [session] in Self.files(beginning: $0, in: session.resolved("")) }))
    if text.isCommand { completeCommand(text, place, &completion) }
    if let pipe = completion.pipe, completion.candidates.count <= Self.shapedCandidates {
      let base = String(decoding: Array(text.utf8)[..<pipe], as: UTF8.self)
      for index in completion.candidates.indices {
        let candidate = completion.candidates[index]
        let stage = candidate.kind == .layer ? "\(candidate.text)()" : candidate.text
        if let type = shape(of: "\(base)|> \(stage)") {
          completion.candidates[index].detail = "-> \(type)"
        }
      }
    }
    return completion
  }

  /// The type of an expression, where it has one.
  private func shape(of text: String) -> String? {
    let parsed = Parser.parse(SourceFile(path: "", text: text))
    guard parsed.diagnostics.isEmpty else { return nil }
    let found = session.program.check(parsed.tree)
    guard found.diagnostics.isEmpty, case .tensor(let tensor) = found.value else { return nil }
    return "\(tensor.type)"
  }

  /// Names of commands; behind those, names of trainings and files.
  private func completeCommand(_ text: String, _ place: Int, _ completion: inout Completion) {
    let before = String(decoding: Array(text.utf8)[..<min(place, text.utf8.count)], as: UTF8.self)
    let words = before.split(whereSeparator: \.isWhitespace).map(String.init)
    let isFirst = words.count <= 1 && before.last?.isWhitespace != true
    guard let word = words.first?.dropFirst() else { return }
    if isFirst {
      completion.candidates = Command.all.filter { $0.name.hasPrefix(word) }
        .map { command in
          let gap = command.arguments.isEmpty ? "" : " "
          return Completion.Candidate(command.name + gap, command.summary, .command)
        }
      return
    }
    switch Command.named(String(word))?.name {
    case "run"?:
      let begun = before.last?.isWhitespace == true ? "" : words.last ?? ""
      completion.candidates = session.trainings.filter { $0.hasPrefix(begun) }
        .map { Completion.Candidate($0, "train", .data) }
    case "use"?, "load"?, "save"?:
      let begun = before.last?.isWhitespace == true ? "" : words.last ?? ""
      completion = Completion(
        in: "\"\(begun)", at: begun.utf8.count + 1,
        .init(
          value: { _ in nil }, names: [], dims: [], facts: session.program.frame.facts,
          files: { [session] in Self.files(beginning: $0, in: session.resolved("")) }))
      completion.move(by: place - begun.utf8.count - 1)
    default: break
    }
  }

  /// Paths that begin with `text`, below `folder` where they are relative.
  private static func files(beginning text: String, in folder: String) -> [String] {
    let slash = text.lastIndex(of: "/")
    let head = slash.map { String(text[...$0]) } ?? ""
    let tail = slash.map { String(text[text.index(after: $0)...]) } ?? text
    let place = head.hasPrefix("/") ? head : folder + head
    return FileSystem.entries(of: place.isEmpty ? "." : place)
      .filter { $0.name.hasPrefix(tail) && (!$0.name.hasPrefix(".") || tail.hasPrefix(".")) }
      .map { head + $0.name + ($0.isFolder ? "/" : "") }
  }
}
