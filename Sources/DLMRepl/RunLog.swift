import DLMFrontend
import DLMInterpreter
import DLMSyntax

/// What was entered at a prompt, with the steps that its trainings have made: enough to do all of it again,
/// number by number. As a text, a JSON object a line.
package struct RunLog {
  package enum Line: Equatable {
    /// An entry as it was typed.
    case entry(String)
    /// A program that was taken in, as it was then.
    case use(path: String, text: String)
    /// A training that was started, or went on where there is no name.
    case training(name: String?, Progress)
  }

  package struct Progress: Equatable {
    /// Steps until it paused; `nil` where it came to its end.
    package var steps: Int?
    /// Of all that was kept then.
    package var digest: UInt64
  }

  /// The seed of the session, where it was given one.
  package var seed: UInt64?
  package internal(set) var lines: [Line] = []

  package init(seed: UInt64?) { self.seed = seed }

  package var text: String {
    let head = JSON.members(["dlm": "session", "seed": seed.map { .string("\($0)") }])
    return ([head] + lines.map(\.json)).map { $0.text + "\n" }.joined()
  }

  /// - Throws: `MachineError` that names the line which is none.
  package init(parsing text: String) throws(MachineError) {
    var isFirst = true
    for (index, line) in text.split(separator: "\n").enumerated() {
      let json = try? JSON(parsing: Array(line.utf8))
      if isFirst {
        guard let json, json["dlm"]?.string == "session" else {
          throw MachineError("this is no log of a session", help: "one lies in runs/TRAINING")
        }
        seed = json["seed"]?.string.flatMap { UInt64($0) }
        isFirst = false
      } else {
        guard let json, let line = Line(json) else {
          throw MachineError("line \(index + 1) of the log cannot be read")
        }
        lines.append(line)
      }
    }
    if isFirst { throw MachineError("the log is empty") }
  }
}

extension RunLog.Line {
  fileprivate var json: JSON {
    switch self {
    case .entry(let text): ["enter": .string(text)]
    case .use(let path, let text): ["use": .string(path), "text": .string(text)]
    case .training(let name, let progress):
      .members([
        "run": name.map { .string($0) } ?? .null,
        "steps": progress.steps.map { .integer($0) },
        "digest": .string(String(progress.digest, radix: 16)),
      ])
    }
  }

  fileprivate init?(_ json: JSON) {
    if let text = json["enter"]?.string {
      self = .entry(text)
    } else if let path = json["use"]?.string, let text = json["text"]?.string {
      self = .use(path: path, text: text)
    } else if let run = json["run"],
      let digest = json["digest"]?.string.flatMap({ UInt64($0, radix: 16) })
    {
      let progress = RunLog.Progress(steps: json["steps"]?.int, digest: digest)
      self = .training(name: run.string, progress)
    } else {
      return nil
    }
  }
}

// What was entered, done again.
extension Repl {
  /// Does one line of a log again.
  ///
  /// - Returns: what to show; and whether all numbers are those of the log, where it says which they were.
  package func replay(_ line: RunLog.Line) throws -> (lines: [Line], isSame: Bool) {
    switch line {
    case .entry(let text): return (try enter(text), true)
    case .use(let path, let text):
      return (try reporting(":use \(path)") { try use(text, at: path) }, true)
    case .training(let name, let progress):
      let limit = progress.steps.map { InteractiveSession.Limit.steps($0) } ?? .none
      let entry = name.map { ":run \($0)" } ?? ":continue"
      let lines = try reporting(entry) {
        try standing(name) {
          if let name { return try session.train(name, until: limit) }
          return try session.goOn(limit)
        }
      }
      return (lines, session.digest == progress.digest)
    }
  }
}
