import DLMSyntax
import Foundation
import Testing

@testable import DLMFrontend

/// Programs that are wrong, each with what is said of it, and programs that are right.
@Suite struct CorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

  /// One wrong program: `=== name | CODE line:column`, the program, `---`, what is drawn.
  struct Section {
    var header: String
    var program: String
    var drawn: String

    var name: String { String(header.prefix { $0 != "|" }).trimmingCharacters(in: .whitespaces) }
    /// `S012 8:21`: what must be found first, written by hand.
    var expected: String {
      String(header.drop { $0 != "|" }.dropFirst()).trimmingCharacters(in: .whitespaces)
    }

    var text: String { "=== \(header)\n\(program)---\n\(drawn)" }
  }

  static func names(_ part: String, _ ending: String) -> [String] {
    let path = folder.appending(path: part).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(ending) }.sorted()
  }

  static func sections(_ text: String) -> [Section] {
    text.components(separatedBy: "=== ").dropFirst().map { piece in
      let lines = piece.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = String(lines[1]).components(separatedBy: "---\n")
      return Section(
        header: String(lines[0]), program: parts[0],
        drawn: parts.count > 1 ? parts[1].trimmingCharacters(in: .newlines) : "")
    }
  }

  @Test(arguments: names("wrong", ".txt"))
  func `wrong programs are told what is wrong, and where`(_ name: String) throws {
    let url = Self.folder.appending(path: "wrong/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    var recorded: [String] = []
    for var section in Self.sections(text) {
      let found = try problems(section.program)
      let first = try #require(found.first, "nothing is said of: \(section.name)")
      let (line, column) = first.primary.file.position(at: first.primary.span.start)
      #expect("\(first.code) \(line):\(column)" == section.expected, "\(section.name)")
      let drawn = found.map { DiagnosticRenderer().render($0) }.joined()
        .trimmingCharacters(in: .newlines)
      if ProcessInfo.processInfo.environment["DLM_RECORD"] == nil {
        #expect(drawn == section.drawn, "\(section.name); DLM_RECORD=1 writes it anew")
      }
      section.drawn = drawn
      recorded.append(section.text)
    }
    if ProcessInfo.processInfo.environment["DLM_RECORD"] != nil {
      try (recorded.joined(separator: "\n\n") + "\n").write(
        to: url, atomically: true, encoding: .utf8)
    }
  }

  @Test func `there are at least 120 wrong programs and 60 right ones`() throws {
    let wrong = try Self.names("wrong", ".txt").flatMap { name in
      Self.sections(
        try String(contentsOf: Self.folder.appending(path: "wrong/\(name)"), encoding: .utf8))
    }
    #expect(wrong.count >= 120)
    #expect(Set(wrong.map(\.name)).count == wrong.count)
    #expect(Self.names("right", ".dlm").count >= 60)
  }

  @Test(arguments: names("right", ".dlm"))
  func `right programs are accepted without a word`(_ name: String) throws {
    let url = Self.folder.appending(path: "right/\(name)")
    #expect(try drawn(String(contentsOf: url, encoding: .utf8), path: name) == "")
  }
}
