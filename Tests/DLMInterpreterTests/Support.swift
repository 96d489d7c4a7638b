import DLMCPU
import DLMInterpreter
import DLMSyntax
import DLMTensor
import Foundation

/// What a run did.
struct Outcome {
  /// Lines of `print`.
  var printed: [String] = []
  var losses: [Double] = []
  var metrics: [String: [Double]] = [:]
  var logged: [(step: Int, metrics: [RunEvent.Metric])] = []
  var saved: [String] = []
  /// Diagnostics as a terminal shows them.
  var errors = ""
  var interruption: Interruption?
}

/// Runs `text` as a program in `folder`.
func run(
  _ text: String, in folder: String = "", _ options: RunOptions = RunOptions(),
  backend: (any Backend)? = nil, stopAfter limit: Int? = nil, path: String = "test.dlm",
  confirm: @escaping ([String]) -> Bool = { _ in true }
) throws -> Outcome {
  var outcome = Outcome()
  let parsed = Parser.parse(SourceFile(path: path, text: text))
  var diagnostics = parsed.diagnostics
  if diagnostics.isEmpty {
    let session = try Session(
      folder: folder, options: options, backend: backend ?? CPUBackend(threads: 2),
      control: { limit == outcome.losses.count ? .interrupt : .goOn }, confirm: confirm,
      send: { event in
        switch event {
        case .printed(let line): outcome.printed.append(line)
        case .stepped(_, let loss): outcome.losses.append(loss)
        case .logged(let position, let metrics, _):
          outcome.logged.append((position.step, metrics))
        case .evaluated(_, let split, let metrics):
          for metric in metrics {
            outcome.metrics["\(split).\(metric.name)", default: []].append(metric.value)
          }
        case .saved(let path): outcome.saved.append(path)
        case .began, .ended, .recorded, .sweeps, .swept: break
        }
      })
    do {
      diagnostics = try session.run(parsed.tree)
    } catch let interruption as Interruption {
      outcome.interruption = interruption
    }
  }
  outcome.errors = diagnostics.map { DiagnosticRenderer().render($0) }.joined()
  return outcome
}

/// A folder for one test, removed with it.
final class Workspace {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dlm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}

/// Folders of the repository.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let examples = root + "/examples"
}
