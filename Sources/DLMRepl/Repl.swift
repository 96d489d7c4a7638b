import DLMFrontend
import DLMInterpreter
import DLMSyntax
import DLMTensor

/// What a prompt needs of the program around it.
package struct ReplHost {
  /// Columns of the terminal now.
  package var width: () -> Int
  /// A backend by name; `nil` threads are as many as there are processors.
  ///
  /// - Throws: an error whose description tells a user why there is none.
  package var backend: (_ device: String, _ threads: Int?) throws -> any Backend
  /// Names of devices, the first the usual one.
  package var devices: [String]
  package var processorCount: Int
  /// Lines about the machine and what dlm has found on it, with so many threads at work.
  package var report: (_ threads: Int) -> [String]
  /// Seconds of a clock that only goes forward.
  package var seconds: () -> Double

  package init(
    width: @escaping () -> Int,
    backend: @escaping (_ device: String, _ threads: Int?) throws -> any Backend,
    devices: [String], processorCount: Int, report: @escaping (_ threads: Int) -> [String],
    seconds: @escaping () -> Double
  ) {
    self.width = width
    self.backend = backend
    self.devices = devices
    self.processorCount = processorCount
    self.report = report
    self.seconds = seconds
  }
}

/// Reads entries, evaluates them, says what they came to; it knows no terminal.
package final class Repl {
  /// One thing to show.
  package enum Line {
    /// A name that was bound, and what to.
    case binding(String, ValueText)
    /// The value of an expression, and something to remark.
    case value(ValueText, remark: String?)
    /// Something about what was done.
    case note(String)
    /// What a command was asked for.
    case text(String)
    case diagnostic(Diagnostic)
  }

  let host: ReplHost
  package let session: InteractiveSession
  package private(set) var isOver = false
  /// What was entered, as it was written.
  package private(set) var history: [String] = []
  /// Pieces that have taken effect, without commands.
  var accepted: [(text: String, hasEffect: Bool)] = []
  /// What has been entered, to be done again.
  package internal(set) var log: RunLog
  /// Where `:use` found the program that it read last.
  var used: String?
  /// The last expression, which an entry that begins with `|>` goes on with.
  private(set) var lastExpression: String?
  package internal(set) var device: String
  package internal(set) var threads: Int

  /// - Parameter seed: of the session, where it was given one.
  package init(
    _ session: InteractiveSession, host: ReplHost, device: String, threads: Int, seed: UInt64?
  ) {
    self.session = session
    log = RunLog(seed: seed)
    self.host = host
    self.device = device
    self.threads = threads
  }

  /// Whether more has to come before `text` can be evaluated.
  package static func isIncomplete(_ text: String) -> Bool {
    guard !text.isCommand else { return false }
    return Parser.parse(SourceFile(path: "", text: text)).isIncomplete
  }

  /// Evaluates an entry: statements and declarations, or a command.
  package func enter(_ text: String) throws -> [Line] {
    guard text.contains(where: { !$0.isWhitespace }) else { return [] }
    history.append(text)
    return try reporting(text) {
      text.isCommand ? try command(text) : try evaluate(text)
    }
  }

  /// What `body` shows, or why what was entered cannot be done.
  func reporting(_ text: String, _ body: () throws -> [Line]) throws -> [Line] {
    do {
      return try body()
    } catch {
      let entry = SourceFile(path: "entry \(history.count)", text: text)
      let place = Diagnostic.Label(entry, Span(0, entry.bytes.count))
      guard let refusal = Failure(from: error, place)?.diagnostic else { throw error }
      return [.diagnostic(refusal)]
    }
  }

  func end() { isOver = true }

  private func evaluate(_ entry: String) throws -> [Line] {
    var text = entry
    if entry.drop(while: \.isWhitespace).hasPrefix("|>"), let lastExpression {
      text = lastExpression + "\n" + entry
    }
    let (lines, reply) = try take(SourceFile(path: "entry \(history.count)", text: text))
    guard let reply else { return lines }
    accepted.append((text, reply.hasEffect))
    log.lines.append(.entry(entry))
    if case .statement(let statement)? = reply.entered.last?.item,
      case .expression = statement.kind
    {
      lastExpression = text
    }
    return lines
  }

  /// Takes in a text.
  ///
  /// - Returns: what to show, and what it came to if it took effect.
  func take(_ file: SourceFile, folder: String? = nil) throws -> (
    [Line], InteractiveSession.Reply?
  ) {
    let parsed = Parser.parse(file)
    guard parsed.diagnostics.isEmpty else {
      return (parsed.diagnostics.map(Line.diagnostic), nil)
    }
    let reply = try session.enter(parsed.tree, folder: folder)
    var lines = reply.diagnostics.map(Line.diagnostic)
    let isRefused = reply.diagnostics.contains { $0.severity == .error }
    if reply.entered.isEmpty, isRefused { return (lines, nil) }
    do {
      lines = try reply.entered.flatMap { try self.lines($0, reply) } + lines
    } catch {
      // What could not be computed must not be computed for whatever is entered next.
      if reply.hasEffect { _ = try session.undo() }
      throw error
    }
    lines += reply.redefinitions.map(Line.note)
    return (lines, reply)
  }

  /// What an item came to.
  private func lines(_ entered: InteractiveProgram.Entered, _ reply: InteractiveSession.Reply)
    throws -> [Line]
  {
    if case .statement(let statement) = entered.item {
      switch statement.kind {
      case .expression:
        let text = try session.describe(entered.value, width: host.width(), isBound: false)
        let remark = reply.parametersNotKept.map {
          "params \($0.grouped)  (not kept: bind the layer to keep it)"
        }
        return text.map { [.value($0, remark: remark)] } ?? []
      case .assign(let place, _, _):
        if case .name(let name) = entered.tree[place] { return try binding(name) }
        return try assigned(entered.tree.text(place))
      default: break
      }
    }
    if case .declaration(let declaration) = entered.item, case .use(let path) = declaration.kind {
      return brought(by: path, in: entered.tree)
    }
    if case .declaration(let declaration) = entered.item, case .train(let train) = declaration.kind
    {
      return [.note("train \(train.name.text)   `:run \(train.name.text)` starts it")]
    }
    return try entered.item.shownNames.flatMap { try binding($0) }
  }

  /// What a part of something is now: `opt.lr`.
  private func assigned(_ place: String) throws -> [Line] {
    let tree = Parser.parse(SourceFile(path: "", text: place)).tree
    let value = session.program.check(tree).value
    let text = try session.describe(value, width: host.width(), isBound: true)
    return text.map { [.binding(place, $0)] } ?? []
  }

  private func binding(_ name: String) throws -> [Line] {
    guard let slot = session.program.names[name],
      let text = try session.describe(slot.value, width: host.width(), isBound: true)
    else { return [.note(name)] }
    return [.binding(name, text)]
  }
}

extension Item {
  /// Names that it binds, to be shown; a declaration is named without a value.
  fileprivate var shownNames: [String] {
    switch self {
    case .statement: definedNames
    case .declaration(let declaration):
      switch declaration.kind {
      case .dim, .data: definedNames
      default: declaration.kind.declaredName.map { [$0] } ?? []
      }
    }
  }
}

extension String {
  /// Whether it is a command of the prompt and no part of a program.
  package var isCommand: Bool { drop(while: \.isWhitespace).hasPrefix(":") }
}
