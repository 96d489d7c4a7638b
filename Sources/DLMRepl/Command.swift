import DLMFrontend
import DLMSyntax

/// A command of the prompt: `:type net(x)`.
package struct Command {
  package var name: String
  /// What follows it, as help shows it.
  package var arguments: String
  package var summary: String
  /// What Tab offers behind it.
  let takes: Argument
  /// Whether what follows it would be another without it, and it says all that is to be done again.
  let isLogged: Bool
  let run: (Repl, String) throws -> [Repl.Line]

  enum Argument {
    /// An expression, and words that may stand behind it.
    case program([String] = [])
    /// How far a training is to go; for `training` behind its name.
    case limit, training
    case nothing, file, command, layer, device, threads
  }

  init(
    _ name: String, _ arguments: String = "", _ summary: String, takes: Argument = .nothing,
    isLogged: Bool = false, _ run: @escaping (Repl, String) throws -> [Repl.Line]
  ) {
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.takes = takes
    self.isLogged = isLogged
    self.run = run
  }

  /// In the order of the help; of two that a shortened name could mean, none is meant, but for `t`.
  package static var all: [Command] {
    [
      Command("help", "[COMMAND]", "what there is, or what a command does", takes: .command) {
        try $0.help($1)
      },
      Command(
        "type", "EXPR | LAYER [with x: TYPE]", "the type; of a layer also what it requires",
        takes: .program(["with"])
      ) { try $0.type($1) },
      Command("shape", "EXPR | LAYER", "how the shape of a value came about", takes: .program()) {
        try $0.shape($1)
      },
      Command(
        "why", "LAYER.DIM | EXPR", "where a dim comes from: :why net.conv2.H", takes: .program()
      ) { try $0.why($1) },
      Command("cost", "LAYER [B=64 ...]", "parameters, arithmetic, memory", takes: .layer) {
        try $0.cost($1)
      },
      Command(
        "grad", "EXPR wrt NAME, ...", "gradients of a number", takes: .program(["wrt"]),
        isLogged: true
      ) {
        try $0.gradient($1)
      },
      Command(
        "graph", "EXPR [wrt NAME, ...] [to FILE]", "draws the computation behind a number",
        takes: .program(["wrt", "to"]), isLogged: true
      ) { try $0.graph($1) },
      Command("time", "EXPR", "how long an evaluation takes", takes: .program(), isLogged: true) {
        try $0.time($1)
      },
      Command("vars", "", "names, with their types") { repl, _ in try repl.variables() },
      Command("use", "FILE", "takes in a program; its trainings wait for :run", takes: .file) {
        try $0.use($1)
      },
      Command("reload", "", "takes in again what :use has read last") { repl, _ in
        try repl.reload()
      },
      Command(
        "run", "TRAINING [N steps | N epochs | until epoch N]", "starts a training",
        takes: .training
      ) { try $0.train($1) },
      Command("continue", "[N steps | N epochs | until epoch N]", "lets it go on", takes: .limit) {
        try $0.goOn($1)
      },
      Command("undo", "", "goes back before the last entry that had an effect", isLogged: true) {
        repl, _ in
        try repl.undo()
      },
      Command(
        "save", "FILE", "weights to .safetensors, or what was entered to .dlm", takes: .file
      ) { try $0.save($1) },
      Command("load", "FILE", "takes back what :save has written", takes: .file) {
        try $0.load($1)
      },
      Command(
        "plot", "EXPR [to FILE]", "an image or a line, here or in a file", takes: .program(["to"]),
        isLogged: true
      ) { try $0.plot($1) },
      Command("doc", "NAME", "what is documented of a name", takes: .program()) {
        try $0.documentation($1)
      },
      Command("doctor", "", "what dlm has found on this machine") { repl, _ in
        repl.host.report(repl.threads).map(Repl.Line.text)
      },
      Command("device", "[NAME]", "where to compute", takes: .device) { try $0.device($1) },
      Command("threads", "[N]", "how many threads compute", takes: .threads) { try $0.threads($1) },
      Command("seed", "[N]", "the seed of draws and first values", isLogged: true) {
        try $0.seed($1)
      },
      Command("history", "[N]", "what was entered") { try $0.showHistory($1) },
      Command("quit", "", "leaves; so does Ctrl-D") { repl, _ in
        repl.end()
        return []
      },
    ]
  }

  /// The command that `word` names, whole or by a beginning that no other has.
  static func named(_ word: String) -> Command? {
    if let exact = all.first(where: { $0.name == word }) { return exact }
    if word == "t" { return all.first { $0.name == "type" } }
    let candidates = all.filter { $0.name.hasPrefix(word) }
    return candidates.count == 1 ? candidates[0] : nil
  }

  /// What is wrong with a word that names none.
  static func problem(with word: String) -> String {
    let candidates = all.filter { !word.isEmpty && $0.name.hasPrefix(word) }.map { ":\($0.name)" }
    if candidates.count > 1 {
      return "`:\(word)` could be \(candidates.joined(separator: ", "))"
    }
    let near = nearest(to: word, among: all.map(\.name)).map { "; did you mean `:\($0)`?" }
    return "there is no command `:\(word)`\(near ?? "; `:help` lists them")"
  }
}

extension Repl {
  func command(_ entry: String) throws -> [Line] {
    let words = entry.drop(while: \.isWhitespace).dropFirst()
      .split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let word = words.first.map(String.init) ?? ""
    guard let command = Command.named(word) else {
      throw MachineError(Command.problem(with: word))
    }
    let lines = try command.run(self, words.count > 1 ? String(words[1]).trimmed : "")
    if command.isLogged, !lines.contains(where: \.isError) { log.lines.append(.entry(entry)) }
    return lines
  }

  func help(_ name: String) throws -> [Line] {
    let word = name.hasPrefix(":") ? String(name.dropFirst()) : name
    if let command = Command.named(word) {
      return [.text(":\(command.name) \(command.arguments)\n  \(command.summary)")]
    }
    if !word.isEmpty { return try documentation(word) }
    let heads = Command.all.map { ":\($0.name) \($0.arguments)" }
    let width = min(heads.map(\.count).max() ?? 0, 34)
    let rows = zip(Command.all, heads).map { command, head in
      head.count > width
        ? "\(head)\n\(String(repeating: " ", count: width))  \(command.summary)"
        : "\(head.paddedRight(to: width))  \(command.summary)"
    }
    return [
      .text(
        rows.joined(separator: "\n")
          + "\n\nA name may be shortened. Tab completes; Ctrl-C stops or pauses; an open bracket goes on"
          + "\nin the next line; a line that begins with |> goes on with the last value.")
    ]
  }

  func showHistory(_ argument: String) throws -> [Line] {
    guard let count = argument.isEmpty ? 20 : Int(argument), count > 0 else {
      throw MachineError("`\(argument)` is no number of entries", help: ":history 20")
    }
    let first = max(0, history.count - 1 - min(count, history.count))
    return [
      .text(
        history[first..<(history.count - 1)].enumerated()
          .map { "\(String(first + $0 + 1).paddedLeft(to: 4))  \($1)" }.joined(separator: "\n"))
    ]
  }

  func seed(_ argument: String) throws -> [Line] {
    if !argument.isEmpty {
      guard let seed = UInt64(argument) else {
        throw MachineError("`\(argument)` is no seed", help: "a seed is a whole number, 0 or more")
      }
      session.seed = seed
    }
    return [.note("seed \(session.seed)")]
  }
}

extension Repl.Line {
  fileprivate var isError: Bool {
    if case .diagnostic(let diagnostic) = self { diagnostic.severity == .error } else { false }
  }
}

extension String {
  /// Without spaces and line breaks at its ends.
  package var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
