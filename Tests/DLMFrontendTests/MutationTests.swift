import DLMSyntax
import DLMTestSupport
import Foundation
import Testing

@testable import DLMFrontend

/// Damaged programs: whatever is typed, lexer, parser, checker and formatter come to an end and point into
/// the text.
@Suite struct MutationTests {
  /// Programs of the repository, each a few hundred to a few thousand bytes.
  private static let seeds: [[UInt8]] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var seeds: [[UInt8]] = []
    for folder in [
      "examples", "Sources/CDLMPrelude/prelude", "Tests/DLMInterpreterTests/Transcripts",
    ] {
      let files = try? FileManager.default.contentsOfDirectory(
        at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
      for file in (files ?? []).sorted(by: { $0.path < $1.path })
      where file.pathExtension == "dlm" {
        if let data = try? Data(contentsOf: file) { seeds.append(Array(data)) }
      }
    }
    return seeds
  }()

  private static let pieces = [
    "(", ")", "[", "]", "{", "}", "|>", "->", "..", "...", ",", "=", "let ", "layer ", "train ",
    "\"",
    "\n", "999999999999999999999", "0", "-", "%", "div", "B", "é", "\u{0}", "over:", "if ", "else",
    "fn (x) { x }", "1e400", "//", "///", "{x:9}", "all but ", "repeat 100000 { }",
  ].map { Array($0.utf8) }

  private static func mutated(_ seed: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...30, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 3: bytes.removeSubrange(place...)
      default:
        bytes.insert(
          contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
      }
    }
    return bytes
  }

  /// `DLM_MUTATIONS` asks for more than the tests' share.
  private static let count =
    ProcessInfo.processInfo.environment["DLM_MUTATIONS"].flatMap { Int($0) } ?? 10_000

  @Test(arguments: 0..<4) func `damaged programs are told what is wrong`(part: Int) throws {
    var random = SplitMix(state: UInt64(part))
    let prelude = Prelude()
    for turn in 0..<(Self.count / 4) {
      let bytes = Self.mutated(Self.seeds[turn % Self.seeds.count], &random)
      let file = SourceFile(path: "a.dlm", text: String(decoding: bytes, as: UTF8.self))
      let tokens = Lexer.tokens(of: file)
      // Every byte belongs to one token or to the trivia before it.
      var end = 0
      for token in tokens {
        #expect(token.triviaStart == end && token.span.start >= end)
        end = token.span.end
      }
      #expect(end == file.bytes.count)
      let parsed = Parser.parse(file)
      try expectInside(parsed.diagnostics, file)
      guard parsed.diagnostics.isEmpty else {
        #expect(Formatter.format(file) == nil)
        continue
      }
      let laidOut = try #require(Formatter.format(file))
      #expect(Formatter.format(SourceFile(path: "a.dlm", text: laidOut)) == laidOut)
      let evaluator = Evaluator(prelude: prelude, provider: HeaderProvider())
      withLargeStack { _ = evaluator.check(parsed.tree) }
      try expectInside(evaluator.diagnostics, file)
    }
  }

  /// Diagnostics that can be drawn: in the program, or in the prelude where the program calls it.
  private func expectInside(_ diagnostics: [Diagnostic], _ file: SourceFile) throws {
    for diagnostic in diagnostics {
      for label in [diagnostic.primary] + diagnostic.secondary {
        #expect(label.span.start >= 0 && label.span.end <= label.file.bytes.count)
      }
      #expect(!DiagnosticRenderer().render(diagnostic).isEmpty)
    }
  }

  @Test func `nesting that is too deep is a diagnostic`() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{ ", " }"), ("-", ""), ("if true { ", " }")] {
      let text =
        "let x = " + String(repeating: open, count: 5000) + "1"
        + String(repeating: close, count: 5000)
      let parsed = Parser.parse(SourceFile(path: "a.dlm", text: text))
      #expect(!parsed.diagnostics.isEmpty, "\(open)")
      #expect(parsed.diagnostics.count < 20, "\(open)")
    }
  }

  @Test func `a long chain is no deep nesting`() throws {
    let text = "let x = 0" + String(repeating: " + 1", count: 100_000) + "\nprint x"
    let parsed = Parser.parse(SourceFile(path: "a.dlm", text: text))
    #expect(parsed.diagnostics.isEmpty)
    let evaluator = Evaluator(prelude: Prelude(), provider: HeaderProvider())
    evaluator.check(parsed.tree)
    #expect(evaluator.diagnostics.isEmpty)
  }
}
