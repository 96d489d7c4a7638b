import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMSyntax

// Commands that compute, train, read and write.
extension Repl {
  /// Evaluates a text as an entry of its own; what it came to.
  private func evaluate(_ text: String) throws -> ([Line], InteractiveSession.Reply?) {
    try take(SourceFile(path: "entry \(history.count)", text: text))
  }

  /// `z wrt x, y` to `z` and `[x, y]`.
  private func targets(_ text: String) -> (expression: String, names: String?) {
    let parts = text.split(separator: " wrt ", maxSplits: 1).map { String($0).trimmed }
    guard parts.count == 2 else { return (text, nil) }
    let isOne = parts[1].hasPrefix("[") || !parts[1].contains(",")
    return (parts[0], isOne ? parts[1] : "[\(parts[1])]")
  }

  /// `image to "a.svg"` to `image` and `a.svg`.
  private func target(_ text: String) -> (expression: String, file: String?) {
    guard let range = text.ranges(of: " to ").last else { return (text, nil) }
    let file = String(text[range.upperBound...]).trimmed.unquoted
    return (String(text[..<range.lowerBound]).trimmed, file)
  }

  func gradient(_ text: String) throws -> [Line] {
    let (expression, names) = targets(text)
    guard let names else {
      throw MachineError("`:grad` needs names", help: ":grad loss wrt w, b")
    }
    return try evaluate("grad(\(expression), wrt: \(names))").0
  }

  func graph(_ text: String) throws -> [Line] {
    let (rest, file) = target(text)
    let (expression, names) = targets(rest)
    let path = file ?? "graph.svg"
    let (lines, reply) = try evaluate(
      "graph \(expression)\(names.map { " wrt \($0)" } ?? "") to \"\(path)\"")
    return reply == nil ? lines : lines + [.note("drawn to \(path)")]
  }

  func time(_ text: String) throws -> [Line] {
    let start = host.seconds()
    let (lines, reply) = try evaluate(text)
    let first = host.seconds() - start
    guard reply != nil else { return lines }
    // The second time everything is planned already.
    let again = host.seconds()
    _ = try evaluate(text)
    let second = host.seconds() - again
    return lines + [.note("\(Self.duration(first)), once more \(Self.duration(second))")]
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 1
      ? NumberText.of(seconds * 1000, digits: 2) + " ms" : NumberText.of(seconds, digits: 2) + " s"
  }

  func plot(_ text: String) throws -> [Line] {
    let (expression, file) = target(text)
    if let file {
      let (lines, reply) = try evaluate("plot \(expression) to \"\(file)\"")
      return reply == nil ? lines : lines + [.note("drawn to \(file)")]
    }
    let (lines, reply) = try evaluate(expression)
    guard let value = reply?.entered.last?.value else { return lines }
    guard let tensor = try session.tensor(of: value),
      let values = try session.evaluator.read(tensor)
    else {
      throw MachineError(
        "`:plot` shows a vector or images",
        help: "other pictures go to a file: :plot p to \"p.svg\"")
    }
    let dims = tensor.handle?.dims ?? []
    if dims.count == 1 {
      return [
        .text(HalfBlocks.line(values, width: host.width())),
        .note("\(tensor.type)\(Self.range(of: values))"),
      ]
    }
    guard let picture = HalfBlocks.text(dims: dims, values, width: host.width()) else {
      throw MachineError("\(tensor.type) is no image", help: "an image is [H, W] or [C, H, W]")
    }
    return [.text(picture), .note("\(tensor.type)\(Self.range(of: values))")]
  }

  /// What the bottom and the top of a line, or black and white, stand for.
  private static func range(of values: [Double]) -> String {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return "" }
    return "  from \(NumberText.of(least)) to \(NumberText.of(most))"
  }

  func use(_ argument: String) throws -> [Line] {
    let path = argument.unquoted
    guard !path.isEmpty else { throw MachineError("name a program", help: ":use mnist.dlm") }
    let text: String
    do throws(TextFileError) {
      text = try TextFile.read(session.resolved(path))
    } catch {
      throw MachineError("cannot read `\(path)`: \(error.reason)")
    }
    return try use(text, at: path)
  }

  /// Takes in a program that was read at a path.
  func use(_ text: String, at path: String) throws -> [Line] {
    let full = session.resolved(path)
    let folder = full.lastIndex(of: "/").map { String(full[..<$0]) } ?? ""
    let (lines, reply) = try take(SourceFile(path: path, text: text), folder: folder)
    guard let reply else { return lines }
    used = path
    accepted.append((text, true))
    log.lines.append(.use(path: path, text: text))
    let notes = lines.filter { if case .diagnostic = $0 { true } else { false } }
    return notes + [.note(try summary(of: reply))] + reply.redefinitions.map(Line.note)
  }

  /// `data mnist · layer Net · net (21 840 params) · train mnist_cnn`
  private func summary(of reply: InteractiveSession.Reply) throws -> String {
    try reply.entered.flatMap { entered -> [String] in
      switch entered.item {
      case .declaration(let declaration): return declaration.summary
      case .statement:
        return try entered.item.definedNames.map { name in
          guard let slot = session.program.names[name],
            let detail = try session.describe(slot.value, width: 80, isBound: true)?.detail
          else { return name }
          return "\(name) (\(detail))"
        }
      }
    }.joined(separator: " · ")
  }

  /// What `use "part.dlm"` has brought, and that there is more to be had of the file.
  func brought(by path: ExpressionID, in tree: Tree) -> [Line] {
    guard case .string(let parts) = tree[path], case .text(let name)? = parts.first,
      let text = try? TextFile.read(session.resolved(name))
    else { return [] }
    let items = Parser.parse(SourceFile(path: name, text: text)).tree.items
    let declarations = items.compactMap { item -> Declaration? in
      if case .declaration(let declaration) = item { declaration } else { nil }
    }
    let brought = declarations.filter(\.kind.isBroughtByUse).flatMap(\.summary)
    let rest = declarations.count < items.count || brought.count < declarations.count
    return [
      .note(brought.isEmpty ? "\(name) declares nothing to use" : brought.joined(separator: " · "))
    ] + (rest ? [.note("its data, values and trainings come with `:use \(name)`")] : [])
  }

  func reload() throws -> [Line] {
    guard let used else { throw MachineError("nothing has been read with `:use` yet") }
    return try use(used)
  }

  func train(_ argument: String) throws -> [Line] {
    let words = argument.split(whereSeparator: \.isWhitespace).map(String.init)
    let names = session.trainings
    let isNamed = words.first.map { Int($0) == nil && $0 != "until" } ?? false
    guard let name = isNamed ? words.first : names.count == 1 ? names.first : nil else {
      throw MachineError(
        "`:run` needs the name of a training",
        help: names.isEmpty
          ? "there is none yet: `:use FILE`, or enter a `train` block"
          : names.map { ":run \($0)" }.joined(separator: ", "))
    }
    let limit = try self.limit(Array(words.dropFirst(isNamed ? 1 : 0)))
    return try standing(name) { try session.train(name, until: limit) }
  }

  func goOn(_ argument: String) throws -> [Line] {
    let words = argument.split(whereSeparator: \.isWhitespace).map(String.init)
    let limit = try self.limit(words)
    return try standing(nil) { try session.goOn(limit) }
  }

  /// Lets a training go on; where it stands then.
  ///
  /// - Parameter name: of one that starts.
  func standing(_ name: String?, _ goOn: () throws -> [Diagnostic]) rethrows -> [Line] {
    let start = host.seconds()
    let before = name == nil ? session.standing?.position.step ?? 0 : 0
    var lines = try goOn().map(Line.diagnostic)
    let steps = (session.standing?.position.step ?? 0) - before
    if lines.isEmpty || steps > 0 {
      let progress = RunLog.Progress(
        steps: session.isTrainingOver ? nil : steps, digest: session.digest)
      log.lines.append(.training(name: name, progress))
    }
    let seconds = NumberText.of(host.seconds() - start, digits: 1)
    if let (name, position) = session.standing, !session.isTrainingOver {
      lines.append(
        .note(
          "\(name) paused after step \(position.step), epoch \(position.epoch)"
            + (session.lastLoss.map { "  loss \(NumberText.of($0))" } ?? "")
            + "  \(seconds) s; :continue goes on"))
    }
    return lines
  }

  /// `100 steps`, `2 epochs`, `until epoch 3`
  private func limit(_ words: [String]) throws -> InteractiveSession.Limit {
    switch words.count {
    case 0: return .none
    case 1: if let count = Int(words[0]), count > 0 { return .steps(count) }
    case 2:
      guard let count = Int(words[0]), count > 0 else { break }
      if words[1].hasPrefix("step") { return .steps(count) }
      if words[1].hasPrefix("epoch") {
        let done = session.isTrainingOver ? 0 : session.epochsDone
        return .epoch(done + count)
      }
    case 3:
      if words[0] == "until", words[1] == "epoch", let epoch = Int(words[2]) {
        return .epoch(epoch)
      }
    default: break
    }
    throw MachineError(
      "`\(words.joined(separator: " "))` is no end of a training",
      help: "write `100 steps`, `2 epochs` or `until epoch 3`")
  }

  func undo() throws -> [Line] {
    guard let wasPiece = try session.undo() else { throw MachineError("there is nothing to undo") }
    // What was shown after it was shown of it.
    if wasPiece, let last = accepted.lastIndex(where: { $0.hasEffect }) {
      accepted.removeSubrange(last...)
    }
    return [.note("undone")]
  }

  func save(_ argument: String) throws -> [Line] {
    let path = argument.unquoted
    if path.hasSuffix(".dlm") {
      let text = accepted.map { $0.text }.joined(separator: "\n") + "\n"
      do throws(FileError) {
        try AtomicFile.write(session.resolved(path)) { writer throws(FileError) in
          try writer.write(Array(text.utf8))
        }
      } catch {
        throw MachineError("cannot write `\(path)`: \(error.reason)")
      }
    } else if path.hasSuffix(".safetensors") {
      try session.save(to: path)
    } else {
      throw MachineError(
        "`:save` writes weights to .safetensors, or what was entered to .dlm",
        help: ":save net.safetensors")
    }
    return [.note("saved to \(path)")]
  }

  func load(_ argument: String) throws -> [Line] {
    let path = argument.unquoted
    if path.hasSuffix(".dlm") { return try use(argument) }
    let count = try session.load(from: path)
    log.lines.append(.entry(":load \(argument)"))
    return [.note("\(count) tensors taken from \(path)")]
  }

  func device(_ argument: String) throws -> [Line] {
    if !argument.isEmpty {
      guard host.devices.contains(argument) else {
        throw MachineError(
          "there is no device `\(argument)`",
          help: "there is \(host.devices.joined(separator: ", "))")
      }
      try compute(on: argument, threads)
    }
    return [.note(place)]
  }

  func threads(_ argument: String) throws -> [Line] {
    if !argument.isEmpty {
      guard let count = Int(argument), count > 0 else {
        throw MachineError("`\(argument)` is no number of threads")
      }
      guard count <= host.processorCount else {
        throw MachineError(
          "there are \(host.processorCount) processors for dlm: more threads would only wait",
          help: ":threads \(host.processorCount)")
      }
      try compute(on: device, count)
    }
    return [.note(place)]
  }

  /// `cpu (2 threads)`
  package var place: String { "\(device) (\(threads) thread\(threads == 1 ? "" : "s"))" }

  private func compute(on device: String, _ threads: Int) throws {
    do {
      session.use(try host.backend(device, threads))
    } catch {
      throw MachineError("\(error)")
    }
    (self.device, self.threads) = (device, threads)
  }
}

extension Declaration {
  /// `layer Net`, for each name that it declares.
  fileprivate var summary: [String] {
    let names = kind.declaredName.map { [$0] } ?? Item.declaration(self).definedNames
    return (names + kind.trainingName).map { "\(kind.word) \($0)" }
  }
}

extension Declaration.Kind {
  /// Whether another file that uses this one gets to know it.
  fileprivate var isBroughtByUse: Bool {
    switch self {
    case .dim, .layer, .function, .optimizer, .schedule, .use: true
    case .data, .train, .test, .sweep: false
    }
  }

  /// Of a `train` block.
  fileprivate var trainingName: [String] {
    if case .train(let train) = self { [train.name.text] } else { [] }
  }

  /// The word that it begins with.
  fileprivate var word: String {
    switch self {
    case .use: "use"
    case .data: "data"
    case .dim: "dim"
    case .layer: "layer"
    case .function(let function): function.isLoss ? "loss" : "fn"
    case .optimizer: "optimizer"
    case .schedule: "schedule"
    case .train: "train"
    case .test: "test"
    case .sweep: "sweep"
    }
  }
}

extension String {
  fileprivate var unquoted: String {
    let text = trimmed
    return text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
      ? String(text.dropFirst().dropLast()) : text
  }
}
