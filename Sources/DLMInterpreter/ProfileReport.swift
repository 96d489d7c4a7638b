import DLMFormats
import DLMFrontend
import DLMTensor

/// A profile as tables for people and as a file for a trace viewer.
package struct ProfileReport {
  private let profile: RunProfile
  /// Lines of the program, from the first on.
  private let lines: [String]

  package init(_ profile: RunProfile, program: String) {
    self.profile = profile
    lines = program.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private struct Row {
    var title: String
    var calls = 0
    var nanoseconds = 0
  }

  /// Time by source line and by operator, between the calls, and the bytes of the arena.
  package var text: String {
    guard profile.runs > 0 else { return "no plan has run\n" }
    let overhead = max(profile.runNanoseconds - profile.callNanoseconds, 0)
    var text = table("line", rows { line($0.line) })
    text += "\n" + table("operator", rows { $0.label })
    text += """

      \(profile.runs) runs of plans, \(milliseconds(profile.runNanoseconds / profile.runs)) ms each
      between kernels \(milliseconds(overhead / profile.runs)) ms a run \
      (\(share(overhead)), timing included)
      arena \(profile.arenaByteCount) bytes

      """
    return text
  }

  /// Chrome's trace format: open it in `chrome://tracing` or Perfetto.
  package var trace: String {
    let events = profile.events.map { event -> String in
      let entry = profile.entries[event.entry]
      return "{\"name\": \(jsonString(entry.label)), \"ph\": \"X\", \"pid\": 1, \"tid\": 1, "
        + "\"ts\": \(microseconds(event.start)), \"dur\": \(microseconds(event.duration)), "
        + "\"args\": {\"line\": \(entry.line)}}"
    }
    return "{\"traceEvents\": [\n" + events.joined(separator: ",\n") + "\n]}\n"
  }

  private func line(_ number: Int) -> String {
    guard number > 0, number <= lines.count else { return "(none)" }
    return "\(number): \(lines[number - 1].drop { $0 == " " })"
  }

  /// Entries with one title added up, the longest time first.
  private func rows(_ title: (RunProfile.Entry) -> String) -> [Row] {
    var rows: [String: Row] = [:]
    for entry in profile.entries where entry.calls > 0 {
      let name = title(entry)
      rows[name, default: Row(title: name)].calls += entry.calls
      rows[name]?.nanoseconds += entry.nanoseconds
    }
    return rows.values.sorted { ($1.nanoseconds, $0.title) < ($0.nanoseconds, $1.title) }
  }

  private func table(_ heading: String, _ rows: [Row]) -> String {
    let runs = profile.runs
    var text = " ms a run   share   calls  \(heading)\n"
    for row in rows {
      let calls = NumberText.of(Double(row.calls) / Double(runs), digits: 1)
      text += milliseconds(row.nanoseconds / runs).leftPadded(9)
      text += share(row.nanoseconds).leftPadded(8)
      text += calls.leftPadded(8) + "  \(row.title)\n"
    }
    return text
  }

  private func milliseconds(_ nanoseconds: Int) -> String {
    NumberText.of(Double(nanoseconds) / 1e6, digits: 4)
  }

  private func share(_ nanoseconds: Int) -> String {
    let part = Double(nanoseconds) / Double(max(profile.runNanoseconds, 1))
    return NumberText.of(100 * part, digits: 1) + " %"
  }

  /// As a decimal number with three digits behind the point.
  private func microseconds(_ nanoseconds: Int) -> String {
    let rest = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
