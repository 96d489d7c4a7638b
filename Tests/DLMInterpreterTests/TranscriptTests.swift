import CDLMPrelude
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
        #expect(agree(line, wanted), "\(line)\n\(wanted)")
      }
      #expect(!expected.isEmpty)
    }
  }

  /// Every fenced example of the prelude's documentation, one after another.
  @Test func `the examples of the prelude print what was recorded`() throws {
    var found = ""
    for (file, example) in preludeExamples() {
      let outcome = try run(example, path: file)
      #expect(outcome.errors == "", "\(example)")
      found += "\(example)\n"
      for line in outcome.printed { found += "    \(line.replacing("\n", with: "\n    "))\n" }
    }
    let path = "\(Repository.root)/Tests/DLMInterpreterTests/Transcripts/prelude.txt"
    if Self.isRecording {
      try found.write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      let expected = try String(contentsOfFile: path, encoding: .utf8)
      #expect(agree(found, expected), "\(found)")
    }
  }

  /// Whether two texts differ in nothing but the last digits of numbers, in which instruction sets differ.
  private func agree(_ a: String, _ b: String) -> Bool {
    let number = /-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/
    guard a.replacing(number, with: "0") == b.replacing(number, with: "0") else { return false }
    return zip(a.matches(of: number), b.matches(of: number)).allSatisfy { x, y in
      guard let x = Double(x.0), let y = Double(y.0) else { return x.0 == y.0 }
      return abs(x - y) <= 1e-5 + 1e-2 * abs(y)
    }
  }

  private func preludeExamples() -> [(file: String, text: String)] {
    var count = 0
    guard let files = dlm_prelude_files(&count) else { return [] }
    var examples: [(String, String)] = []
    for index in 0..<count {
      var lines: [String]?
      for line in String(cString: files[index].text).split(separator: "\n") {
        if line == "/// ```" {
          if let complete = lines {
            examples.append((String(cString: files[index].name), complete.joined(separator: "\n")))
          }
          lines = lines == nil ? [] : nil
        } else if lines != nil {
          lines?.append(String(line.dropFirst(4)))
        }
      }
    }
    return examples
  }
}
