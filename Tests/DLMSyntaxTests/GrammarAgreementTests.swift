import DLMSyntax
import DLMTestSupport
import Foundation
import Testing

/// The grammar file and the parser accept the same texts: programs of the repository, texts derived from
/// the grammar, and both damaged at random.
@Suite struct GrammarAgreementTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func grammar() throws -> Grammar {
    try Grammar(
      String(contentsOf: root.appendingPathComponent("grammar/dlm.ebnf"), encoding: .utf8))
  }

  /// Every program of the repository that parses.
  private static func programs() throws -> [SourceFile] {
    var programs: [SourceFile] = []
    for folder in ["examples", "Sources/CDLMPrelude/prelude", "Tests"] {
      let base = root.appendingPathComponent(folder).path
      let paths = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
      for path in paths.sorted() where path.hasSuffix(".dlm") {
        let text = try String(contentsOfFile: "\(base)/\(path)", encoding: .utf8)
        programs.append(SourceFile(path: path, text: text))
      }
    }
    return programs.filter(isRead)
  }

  private static func isRead(_ file: SourceFile) -> Bool {
    Parser.parse(file).diagnostics.allSatisfy { $0.severity != .error }
  }

  /// Whether a word that could begin a statement stands before a bracket or a sign: there it is a name.
  private static func isCall(_ text: String) -> Bool {
    text.contains(
      /\b(fixed|log|eval|freeze|unfreeze|run|plot|save|graph|for|scan|let|var|when)\s*[(\[-]/)
  }

  @Test func `every program belongs to the grammar, and all of the grammar is used`() throws {
    let grammar = try Self.grammar()
    let matcher = GrammarMatcher(grammar)
    let programs = try Self.programs()
    #expect(programs.count > 150)
    for program in programs {
      #expect(matcher.accepts(program) == true, "\(program.path)")
    }
    let characters: Set = [
      "letter", "upper", "capital", "digit", "character", "same", "border", "exponent", "name",
      "integer", "real",
      "string",
    ]
    #expect(Set(grammar.names).subtracting(matcher.reached).subtracting(characters).isEmpty)
  }

  @Test func `texts that the grammar derives are read`() throws {
    var writer = GrammarWriter(try Self.grammar(), seed: 1)
    let matcher = GrammarMatcher(try Self.grammar())
    let count = Int(ProcessInfo.processInfo.environment["DLM_DERIVATIONS"] ?? "") ?? 300
    for _ in 0..<count {
      let text = writer.text(of: "module")
      if Self.isCall(text) { continue }
      let file = SourceFile(path: "derived.dlm", text: text)
      let parsed = Parser.parse(file)
      #expect(parsed.diagnostics.map(\.message) == [], "\(text)")
      #expect(matcher.accepts(file), "\(text)")
    }
  }

  /// Damaged programs are accepted by both or refused by both.
  @Test func `damaged texts are judged alike`() throws {
    let matcher = GrammarMatcher(try Self.grammar())
    let pieces = try Self.programs().filter { (20...450).contains($0.bytes.count) }
    var random = SplitMix(state: 7)
    let count = Int(ProcessInfo.processInfo.environment["DLM_MUTATIONS"] ?? "") ?? 600
    var agreed = [true: 0, false: 0]
    for _ in 0..<count {
      let text = damaged(pieces.randomElement(using: &random)!, pieces, &random)
      let file = SourceFile(path: "damaged.dlm", text: text)
      let (read, belongs) = (Self.isRead(file), matcher.accepts(file))
      if belongs, !read, Self.isCall(text) { continue }
      #expect(read == belongs, "the parser \(read ? "reads" : "refuses"):\n\(text)")
      if read == belongs { agreed[read, default: 0] += 1 }
    }
    #expect(agreed[true, default: 0] > count / 20 && agreed[false, default: 0] > count / 4)
  }

  /// A token taken away, doubled, moved, or put in from another program; a line broken or joined.
  private func damaged(
    _ file: SourceFile, _ others: [SourceFile], _ random: inout SplitMix
  ) -> String {
    let tokens = Lexer.tokens(of: file).dropLast()
    var words = tokens.map { token in
      (file.string(Span(token.triviaStart, token.span.start)), file.string(token.span))
    }
    let place = Int.random(in: 0..<words.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: words.remove(at: place)
    case 1: words.insert((" ", words[place].1), at: place)
    case 2: words.swapAt(place, Int.random(in: 0..<words.count, using: &random))
    case 3: words[place].0 = words[place].0.contains("\n") ? " " : "\n"
    default:
      let other = others.randomElement(using: &random)!
      let token = Lexer.tokens(of: other).randomElement(using: &random)!
      words.insert((" ", other.string(token.span)), at: place)
    }
    return words.map { $0.0 + $0.1 }.joined()
  }
}
