import DLMCPU
import DLMInterpreter
import DLMRepl
import DLMTensor
import Foundation

/// A prompt without a terminal.
final class Prompt {
  let repl: Repl
  /// Asked before every step of a training and within what is computed, from any thread: how often Ctrl-C
  /// has been pressed.
  var interruptions: @Sendable () -> Int {
    get { wires.interruptions }
    set { wires.interruptions = newValue }
  }
  private let wires = Wires()

  /// `@unchecked Sendable`: what is asked is set between entries, while nothing computes.
  private final class Wires: @unchecked Sendable {
    var interruptions: @Sendable () -> Int = { 0 }
    var heard: [RunEvent] = []
  }

  /// - Parameter folder: that paths are relative to.
  init(in folder: String = Repository.examples, seed: UInt64 = 0, threads: Int = 2) throws {
    let session = InteractiveSession(
      folder: folder, backend: try CPUBackend(threads: threads), seed: seed,
      interruptions: { [wires] in wires.interruptions() },
      send: { [wires] in wires.heard.append($0) })
    repl = Repl(
      session,
      host: ReplHost(
        width: { 80 },
        backend: { name, threads in
          if name == "reference" { return ReferenceBackend() }
          return try CPUBackend(threads: threads ?? 2)
        },
        devices: ["cpu", "reference"], processorCount: 2,
        report: { ["one machine, \($0) threads"] },
        seconds: { 0 }),
      device: "cpu", threads: threads, seed: seed)
  }

  /// What an entry comes to, printed lines first.
  @discardableResult func enter(_ entry: String) throws -> String {
    wires.heard = []
    let lines = try repl.enter(entry)
    return printed.map { $0 + "\n" }.joined()
      + lines.map { LineText(width: { 120 }).text(of: $0) }.joined()
  }

  /// Losses of the steps that the last entry has made.
  var losses: [Double] {
    wires.heard.compactMap { if case .stepped(_, let loss) = $0 { loss } else { nil } }
  }

  /// Steps behind which the last entry has logged something.
  var loggedSteps: [Int] {
    wires.heard.compactMap {
      if case .logged(let position, _, _) = $0 { position.step } else { nil }
    }
  }

  private var printed: [String] {
    wires.heard.compactMap { if case .printed(let text) = $0 { text } else { nil } }
  }
}

/// Folders of the repository.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let examples = root + "/examples"
}

/// A folder for one test, removed with it.
final class Workspace {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dlm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
