import DLMFrontend
import DLMShapes
import DLMSyntax

// What could stand behind a command.
extension Repl {
  /// The name of a command; behind it what it takes.
  func command(completing before: String) -> Completion {
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
    guard let command = Command.named(String(word.dropFirst())) else {
      return Completion(start: length, [])
    }
    let argument = words.count > 1 ? words[1] : ""
    var completion = self.argument(of: command, argument)
    completion.start += length - argument.utf8.count
    return completion
  }

  private func argument(of command: Command, _ text: String) -> Completion {
    // The word that is being written, and those before it.
    let word = String(text.reversed().prefix { !$0.isWhitespace }.reversed())
    let before = text.dropLast(word.count).split(whereSeparator: \.isWhitespace).map(String.init)
    let start = text.utf8.count - word.utf8.count
    switch command.takes {
    case .nothing: return Completion(start: start, [])
    case .training:
      let names = session.trainings.map { Completion.Candidate($0, .data, "train") }
      return Completion(
        start: start, before.isEmpty ? names : limits(Array(before.dropFirst())))
    case .limit: return Completion(start: start, limits(before))
    case .command:
      return Completion(start: start, Command.all.map { .init($0.name, .command, $0.summary) })
    case .file:
      let folder = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
      return Completion(
        start: folder.utf8.count,
        Self.entries(of: session.resolved(folder)).map { .init($0, .file) })
    case .layer: return Completion(start: start, layers(before))
    case .device: return Completion(start: start, host.devices.map { .init($0, .keyword) })
    case .threads:
      return Completion(start: start, (1...host.processorCount).map { .init("\($0)", .constant) })
    case .program(let words): return program(text, joinedBy: words)
    }
  }

  /// When a training is to pause.
  private func limits(_ before: [String]) -> [Completion.Candidate] {
    let epoch = (session.isTrainingOver ? 0 : session.epochsDone) + 1
    switch before {
    case []:
      return [
        .init("100 steps", .keyword, "so many more"), .init("1 epoch", .keyword, "so many more"),
        .init("until epoch \(epoch)", .keyword, "to its end"),
      ]
    case ["until"]: return [.init("epoch \(epoch)", .keyword, "to its end")]
    case ["until", "epoch"]: return [.init("\(epoch)", .constant)]
    case let words where words.count == 1 && Int(words[0]) != nil:
      return [.init("steps", .keyword), .init("epochs", .keyword)]
    default: return []
    }
  }

  /// Layers of the program; behind one the lengths that its cost depends on.
  private func layers(_ before: [String]) -> [Completion.Candidate] {
    guard let name = before.first else {
      return session.program.names.keys.compactMap { name in
        layer(name).map { layer, module in
          let declaration = module.tree.declaration(named: layer.name.text)
          return .init(name, .layer, declaration.map { module.tree.head(of: $0) } ?? "")
        }
      }
    }
    guard let cost = layerCost(of: name)?.cost else { return [] }
    let symbols = cost.multiplyAdds.symbols.union(cost.trainingBytes.symbols).map(\.name)
    let given = before.dropFirst().map { $0.prefix { $0 != "=" } }
    return Set(symbols).filter { name in !given.contains { $0 == name } }
      .map { .init("\($0)=", .dim, "the length of an axis of its input") }
  }

  /// An expression, and behind it words such as `wrt` with what follows each.
  private func program(_ text: String, joinedBy words: [String]) -> Completion {
    let file = SourceFile(path: "", text: text)
    let tokens = Lexer.tokens(of: file).filter { $0.span.end < text.utf8.count }
    let joint = tokens.last { words.contains(file.string($0.span)) }
    let start = text.utf8.count - text.reversed().prefix { $0.isLetter || $0 == "_" }.count
    switch joint.map({ file.string($0.span) }) {
    case "wrt"?:
      let given = text.dropFirst(joint?.span.end ?? 0).split {
        !$0.isLetter && !$0.isNumber && $0 != "_"
      }.map(String.init)
      let names = session.program.names.filter { name, slot in
        slot.value.isDifferentiable && !given.contains(name)
      }
      guard tokens.last?.span == joint?.span || tokens.last.map({ file.string($0.span) }) == ","
      else {
        return Completion(start: start, words.filter { $0 == "to" }.map { .init($0, .keyword) })
      }
      return Completion(
        start: start,
        names.map { name, slot in .init(name, .variable, slot.value.typeText ?? "") })
    case "with"?:
      let name = text.prefix { !$0.isWhitespace }
      guard tokens.last?.span == joint?.span, let (layer, module) = layer(String(name)) else {
        break
      }
      return Completion(
        start: start,
        layer.inputs.map { input in
          let type = input.type.map { module.tree.file.string($0.span) } ?? "real[...]"
          return .init("\(input.name.text): \(type)", .dim, "with other lengths")
        })
    default: break
    }
    var completion = program(text)
    let place = CompletionPlace(at: text.utf8.count, in: file)
    if let place, place.isBehindValue, joint == nil || words.last == "to" {
      completion = Completion(start: place.start, words.map { .init($0, .keyword) })
    }
    return completion
  }
}

extension Value {
  /// Whether a gradient with respect to it can be asked for.
  fileprivate var isDifferentiable: Bool {
    switch self {
    case .tensor(let tensor): tensor.type.kind.isReal
    case .instance, .list: true
    default: false
    }
  }
}
