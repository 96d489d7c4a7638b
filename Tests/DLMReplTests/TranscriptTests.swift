import DLMInterpreter
import DLMRepl
import Foundation
import Testing

/// Sessions as a person sees them: lines that begin with `> ` are entered, those with `. ` go on with an
/// entry, the others are what it comes to. Each entry is whole exactly where the transcript says so.
///
/// With `DLM_RECORD=1` in the environment the tests write what they find; read the difference before it
/// is committed.
@Suite struct ReplTranscriptTests {
  private static let isRecording = ProcessInfo.processInfo.environment["DLM_RECORD"] == "1"

  static let transcripts: [String] = {
    let folder = "\(Repository.root)/Tests/DLMReplTests/Transcripts"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.sorted().map { "\(folder)/\($0)" }
  }()

  @Test(arguments: transcripts) func `a session goes as it stands there`(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    let prompt = try Prompt()
    var found: [String] = []
    var index = 0
    while index < lines.count {
      guard lines[index].hasPrefix("> ") else {
        index += 1
        continue
      }
      var entry = String(lines[index].dropFirst(2))
      found.append(lines[index])
      index += 1
      while index < lines.count, lines[index].hasPrefix(". ") || lines[index] == "." {
        #expect(Repl.isIncomplete(entry), "\(entry)")
        found.append(lines[index])
        entry += "\n" + lines[index].dropFirst(2)
        index += 1
      }
      #expect(!Repl.isIncomplete(entry), "\(entry)")
      let shown = try prompt.enter(entry).split(separator: "\n", omittingEmptySubsequences: false)
      found += shown.dropLast(shown.last == "" ? 1 : 0).map(String.init)
    }
    if Self.isRecording, found != lines {
      try (found.joined(separator: "\n") + "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(found.count == lines.count)
      for (line, wanted) in zip(found, lines) {
        #expect(PrintedText.agree([line], [wanted]), "\(line)\n\(wanted)")
      }
      #expect(lines.count > 1)
    }
  }
}
