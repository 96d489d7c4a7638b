import DLMInterpreter
import Foundation
import Testing

/// Programs with what they print in them.
///
/// Lines that begin with `//>` are the expected output, in order; those with `//!` are diagnostics as a
/// terminal shows them. With `DLM_RECORD=1` in the environment the tests write what they find; read
/// the difference before it is committed.
@Suite struct TranscriptTests {
  private static let isRecording = ProcessInfo.processInfo.environment["DLM_RECORD"] == "1"

  static let programs: [String] = {
    let folder = "\(Repository.root)/Tests/DLMInterpreterTests/Transcripts"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".dlm") }.sorted().map { "\(folder)/\($0)" }
      + ["neuron", "xor"].map { "\(Repository.examples)/\($0).dlm" }
  }()

  @Test(arguments: programs)
  func `a program prints what stands in it`(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let program = lines.filter { !$0.hasPrefix("//>") && !$0.hasPrefix("//!") }
      .joined(separator: "\n")
    let name = String(path.split(separator: "/").last ?? "")
    let outcome = try run(program, in: Repository.examples, path: name)
    let found =
      outcome.printed.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { "//> \($0)" }
      + outcome.errors.split(separator: "\n").map { "//! \($0)" }
    let expected = lines.filter { $0.hasPrefix("//>") || $0.hasPrefix("//!") }.map(String.init)
    if Self.isRecording, found != expected {
      let body = program.trimmingCharacters(in: .newlines)
      try "\(body)\n\n\(found.joined(separator: "\n"))\n".write(
        toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(found.count == expected.count)
      for (line, wanted) in zip(found, expected) {
        #expect(PrintedText.agree([line], [wanted]), "\(line)\n\(wanted)")
      }
      #expect(!expected.isEmpty)
    }
  }
}
