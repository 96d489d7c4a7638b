import DLMFrontend
import DLMInterpreter
import DLMSyntax

/// The prompt for programs: one JSON object a line, in and out.
///
/// In: `{"id": 1, "code": "x + 1"}`, or `{"id": 2, "complete": "rel", "at": 3}`. Out, for each, one object with
/// the same `id` and `results`, `diagnostics`, `isIncomplete`; before it any number of objects with
/// `event`, for what is printed and how trainings go.
package struct MachineMode {
  package init() {}

  package func answer(_ line: String, _ repl: Repl) throws -> JSON {
    let request: JSON
    do throws(JSONSyntaxError) {
      request = try JSON(parsing: Array(line.utf8))
    } catch {
      return .members(["id": .null, "error": .string("no JSON: \(error.message)")])
    }
    let id = request["id"] ?? .null
    if let text = request["complete"]?.string {
      let found = repl.complete(text, at: request["at"]?.int ?? text.utf8.count)
      return .members([
        "id": id, "start": .integer(found.start),
        "candidates": .array(
          found.candidates.map {
            ["text": .string($0.text), "detail": .string($0.detail)]
          }),
      ])
    }
    guard let code = request["code"]?.string else {
      return .members(["id": id, "error": "an object needs `code` or `complete`"])
    }
    if Repl.isIncomplete(code) { return .members(["id": id, "isIncomplete": true]) }
    let lines = try repl.enter(code)
    return .members([
      "id": id, "results": .array(lines.compactMap(Self.result)),
      "diagnostics": .array(
        lines.compactMap {
          if case .diagnostic(let diagnostic) = $0 { Self.json(diagnostic) } else { nil }
        }),
    ])
  }

  private static func result(_ line: Repl.Line) -> JSON? {
    func value(_ name: String?, _ value: ValueText, _ remark: String?) -> JSON {
      .members([
        "name": name.map(JSON.string), "type": .string(value.type),
        "text": value.text.map(JSON.string), "detail": value.detail.map(JSON.string),
        "remark": remark.map(JSON.string),
      ])
    }
    switch line {
    case .binding(let name, let text): return value(name, text, nil)
    case .value(let text, let remark): return value(nil, text, remark)
    case .note(let text), .text(let text): return ["text": .string(text)]
    case .diagnostic: return nil
    }
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    let place = diagnostic.primary
    return .members([
      "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
      "message": .string(diagnostic.message), "help": diagnostic.help.map(JSON.string),
      "start": .integer(place.span.start), "end": .integer(place.span.end),
      "text": .string(DiagnosticRenderer(usesColor: false).render(diagnostic)),
    ])
  }

  /// What happens while an entry is evaluated; `nil` for what is of no use to a program.
  package static func message(_ event: RunEvent) -> JSON? {
    func metrics(_ metrics: [RunEvent.Metric]) -> JSON {
      .object(metrics.map { ($0.name, .number($0.value)) })
    }
    switch event {
    case .printed(let text): return ["event": "printed", "text": .string(text)]
    case .began(let training):
      return [
        "event": "began", "training": .string(training.name),
        "stepsPerEpoch": .integer(training.stepsPerEpoch),
      ]
    case .logged(let position, let logged, _):
      return [
        "event": "logged", "step": .integer(position.step), "epoch": .integer(position.epoch),
        "metrics": metrics(logged),
      ]
    case .evaluated(let position, let split, let found):
      return [
        "event": "evaluated", "step": .integer(position.step), "split": .string(split),
        "metrics": metrics(found),
      ]
    case .saved(let path): return ["event": "saved", "path": .string(path)]
    case .ended(let training, let position):
      return [
        "event": "ended", "training": .string(training.name), "step": .integer(position.step),
      ]
    case .stepped, .recorded, .sweeps, .swept: return nil
    }
  }
}
