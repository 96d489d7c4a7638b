import DLMSyntax
import Foundation

enum Folder {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  static let root = URL(fileURLWithPath: tests + "/../..").standardizedFileURL.path
  static let grammar = root + "/grammar"
  static let samples = tests + "/Samples"
  static let javaScript = tests + "/JavaScript"
}

/// A program that a test needs and that a machine may lack.
struct Tool: Equatable, CustomStringConvertible {
  let description: String
  let path: String?

  static let node = Tool("node")
  static let vim = Tool("vim")
  static let neovim = Tool("nvim")
  static let emacs = Tool("emacs")
  static let python = Tool("python3")
  static let shell = Tool("sh")

  private init(_ name: String) {
    description = name
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    path = folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  var isThere: Bool { path != nil }

  /// Whether it is there; a line in the log if not.
  func says() -> Bool {
    if !isThere { print("skipped: \(description) is missing") }
    return isThere
  }

  /// Runs it to its end and gives what it wrote.
  func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "/usr/bin/false")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { $1 }
      .merging(["TERM": "dumb", "HOME": NSTemporaryDirectory()]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  /// Runs `body` with a copy of `file` and the name of a file for results; gives both afterwards.
  func onCopy(
    of file: String, _ body: (_ copy: String, _ output: String) throws -> (Int32, String)
  ) throws -> (copy: String, output: String, said: String) {
    let folder = NSTemporaryDirectory() + "dlm-editor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // What does not parse lies here as a text; editors go by the name.
    let name = (file as NSString).lastPathComponent.replacing(".txt", with: ".dlm")
    let (copy, output) = (folder + "/" + name, folder + "/output")
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    let said = try body(copy, output).1
    return (
      try String(contentsOfFile: copy, encoding: .utf8),
      (try? String(contentsOfFile: output, encoding: .utf8)) ?? "no output: \(said)", said
    )
  }

  /// Runs Vim's commands on a file, with nothing but this repository's support loaded.
  func vim(
    _ file: String, _ commands: [String], _ environment: [String: String]
  ) throws -> (Int32, String) {
    try run(
      [
        "-u", "\(Folder.samples)/vimrc", "-i", "NONE", "-es", file,
      ] + commands.flatMap { ["-c", $0] },
      environment: environment.merging(["DLM_GRAMMAR": Folder.grammar]) { $1 })
  }

  func emacs(_ file: String, _ expression: String) throws -> (Int32, String) {
    try run([
      "-Q", "--batch", "-l", "\(Folder.grammar)/emacs/dlm-mode.el", file, "--eval", expression,
    ])
  }
}

/// The programs of the repository.
enum Programs {
  /// Those whose layout is the formatter's.
  static let laidOut: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: Folder.root + "/examples")) ?? [])
    .filter { $0.hasSuffix(".dlm") }.sorted().map { "\(Folder.root)/examples/\($0)" }
    + ["\(Folder.samples)/everything.dlm"]

  /// Writes every program, right and wrong, with the tokens of the lexer, as the tests in node read them.
  static func write() throws -> String {
    var programs: [[String: Any]] = []
    let everything = FileManager.default.enumerator(atPath: Folder.root)
    while let path = everything?.nextObject() as? String {
      if path.hasPrefix(".") { everything?.skipDescendants() }
      if path.hasSuffix(".dlm"),
        let text = try? String(contentsOfFile: "\(Folder.root)/\(path)", encoding: .utf8)
      {
        programs.append(program(path, text, isRight: path.contains("/right/")))
      }
    }
    let wrong = Folder.root + "/Tests/DLMFrontendTests/Corpus/wrong"
    for name in try FileManager.default.contentsOfDirectory(atPath: wrong).sorted() {
      let text = try String(contentsOfFile: "\(wrong)/\(name)", encoding: .utf8)
      for part in text.split(separator: /(?m)^=== .*\n/) {
        let code = part.prefix(upTo: part.range(of: "\n---\n")?.lowerBound ?? part.endIndex)
        programs.append(program("wrong/\(name)", String(code), isRight: false))
      }
    }
    let path = NSTemporaryDirectory() + "dlm-programs-\(UUID().uuidString).json"
    try JSONSerialization.data(withJSONObject: programs).write(to: URL(fileURLWithPath: path))
    return path
  }

  private static func program(_ name: String, _ text: String, isRight: Bool) -> [String: Any] {
    let file = SourceFile(path: name, text: text)
    var tokens: [[String: Any]] = []
    func add(_ kind: String, _ start: Int, _ end: Int) {
      tokens.append(["kind": kind, "start": start, "end": end])
    }
    for token in Lexer.tokens(of: file) {
      let trivia = file.string(Span(token.triviaStart, token.span.start))
      for comment in trivia.matches(of: /\/\/[^\n]*/) {
        let start =
          token.triviaStart
          + trivia.utf8.distance(from: trivia.startIndex, to: comment.range.lowerBound)
        add("comment", start, start + comment.output.utf8.count)
      }
      switch token.kind {
      case .name, .capitalName: add("name", token.span.start, token.span.end)
      case .integer, .real: add("number", token.span.start, token.span.end)
      case .string: add("string", token.span.start, token.span.end)
      case .symbol: add("symbol", token.span.start, token.span.end)
      case .invalid: add("invalid", token.span.start, token.span.start + 1)
      case .endOfFile: break
      }
    }
    return ["name": name, "text": text, "isRight": isRight, "tokens": tokens]
  }
}
