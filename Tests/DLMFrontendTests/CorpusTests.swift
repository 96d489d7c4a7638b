import DLMSyntax
import Foundation
import Testing

@testable import DLMFrontend

/// Programs that are wrong, each with what is said of it, and programs that are right.
@Suite struct CorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
  static let isRecording = ProcessInfo.processInfo.environment["DLM_RECORD"] != nil

  /// One wrong program: `=== name | CODE line:column`, the program, `---`, what is drawn.
  struct Section: Sendable, CustomTestStringConvertible {
    var file: String
    var header: String
    var program: String
    var drawn: String

    var name: String { String(header.prefix { $0 != "|" }).trimmingCharacters(in: .whitespaces) }
    /// `S012 8:21`: what must be found first, written by hand.
    var expected: String {
      String(header.drop { $0 != "|" }.dropFirst()).trimmingCharacters(in: .whitespaces)
    }

    var testDescription: String { "\(file): \(name)" }
    var text: String { "=== \(header)\n\(program)---\n\(drawn)" }

    /// What is drawn of the program now.
    func redrawn() throws -> String {
      try DLMFrontendTests.drawn(program).trimmingCharacters(in: .newlines)
    }
  }

  static func names(_ part: String, _ ending: String) -> [String] {
    let path = folder.appending(path: part).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(ending) }.sorted()
  }

  /// The sections of one file of wrong programs; a header begins its line with `=== `.
  static func sections(_ file: String) -> [Section] {
    let url = folder.appending(path: "wrong/\(file)")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return "\n\(text)".components(separatedBy: "\n=== ").dropFirst().map { piece in
      let lines = piece.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let body = lines.count > 1 ? "\n\(lines[1])" : "\n"
      let parts = body.components(separatedBy: "\n---\n")
      return Section(
        file: file, header: String(lines[0]), program: String(parts[0].dropFirst()) + "\n",
        drawn: parts.count > 1 ? parts[1].trimmingCharacters(in: .newlines) : "")
    }
  }

  static let wrong = names("wrong", ".txt").flatMap(sections)

  /// What the checker does not do yet, `program | why`: such a test must fail, so that a line goes when
  /// its fault is mended.
  static let known: [String: String] = {
    let url = folder.appending(path: "known.txt")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").compactMap { line -> (String, String)? in
      guard let bar = line.firstRange(of: " | ") else { return nil }
      return (String(line[..<bar.lowerBound]), String(line[bar.upperBound...]))
    }
    return Dictionary(lines) { first, _ in first }
  }()

  /// Runs `body`, which must fail where a fault of the checker is known.
  static func expecting(_ program: String, _ body: () throws -> Void) rethrows {
    guard let why = known[program] else { return try body() }
    withKnownIssue("\(why)") { try body() }
  }

  @Test func `every known fault is one of a program that there is`() {
    let programs = Set(Self.wrong.map(\.testDescription) + Self.names("right", ".dlm"))
    #expect(Set(Self.known.keys).subtracting(programs) == [])
  }

  @Test(arguments: wrong)
  func `the first thing that is said has the code and the place of the header`(_ section: Section)
    throws
  {
    try Self.expecting(section.testDescription) {
      let first = try #require(try problems(section.program).first, "nothing is said of it")
      let (line, column) = first.primary.file.position(at: first.primary.span.start)
      #expect("\(first.code) \(line):\(column)" == section.expected)
    }
  }

  @Test(.disabled(if: isRecording, "the snapshots are being written"), arguments: wrong)
  func `what is drawn is what was recorded`(_ section: Section) throws {
    #expect(try section.redrawn() == section.drawn, "DLM_RECORD=1 writes it anew")
  }

  /// Headers are written by hand: only what stands behind `---` is rewritten.
  @Test(.enabled(if: isRecording), arguments: names("wrong", ".txt"))
  func `snapshots are recorded`(_ file: String) throws {
    let recorded = try Self.sections(file).map { section in
      var section = section
      section.drawn = try section.redrawn()
      return section.text
    }
    try (recorded.joined(separator: "\n\n") + "\n").write(
      to: Self.folder.appending(path: "wrong/\(file)"), atomically: true, encoding: .utf8)
  }

  @Test func `there are at least 400 wrong programs and 140 right ones`() {
    #expect(Self.wrong.count >= 400)
    #expect(Set(Self.wrong.map(\.name)).count == Self.wrong.count)
    #expect(Self.names("right", ".dlm").count >= 140)
  }

  @Test(arguments: names("right", ".dlm"))
  func `right programs are accepted without a word`(_ name: String) throws {
    let url = Self.folder.appending(path: "right/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    let found = try drawn(text, path: name)
    Self.expecting(name) { #expect(found == "") }
  }
}
