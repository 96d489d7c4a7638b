import Foundation
import Testing

/// The grammar that people read and the productions in the parser's comments say the same.
@Suite struct GrammarTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Productions of the grammar file by name.
  private func grammar() throws -> [String: String] {
    let text = try String(
      contentsOf: Self.root.appendingPathComponent("grammar/dlm.ebnf"), encoding: .utf8)
    var productions: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasSuffix(" ;") {
      let parts = line.dropLast(2).split(separator: "=", maxSplits: 1)
      let name = parts[0].trimmingCharacters(in: .whitespaces)
      #expect(productions[name] == nil, "\(name) is there once")
      productions[name] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return productions
  }

  /// Productions of the doc comments, each a line of its own between backquotes.
  private func comments() throws -> [String: String] {
    let folder = Self.root.appendingPathComponent("Sources/DLMSyntax")
    var productions: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /(?m)^ *\/\/\/ `([a-z]+) = (.*)`$/) {
        #expect(productions[String(match.1)] == nil, "\(match.1) is there once")
        productions[String(match.1)] = String(match.2)
      }
    }
    return productions
  }

  /// What only the grammar file says, in prose.
  private static let characters: Set = ["upper", "letter", "digit", "character", "same", "border"]

  @Test func `productions are those of the parser`() throws {
    let (grammar, comments) = (try grammar(), try comments())
    #expect(comments.count > 50)
    for (name, production) in comments {
      #expect(grammar[name] == production, "\(name)")
    }
    #expect(Set(grammar.keys) == Set(comments.keys).union(Self.characters))
  }

  @Test func `every name is defined, and used but for the first`() throws {
    let grammar = try grammar()
    var used: Set<String> = ["module"]
    for (name, production) in grammar where !Self.characters.contains(name) {
      let bare = production.replacing(/"[^"]*"|'[^']*'/, with: "")
      for match in bare.matches(of: /[a-z]+/) {
        #expect(grammar[String(match.0)] != nil, "\(name) uses \(match.0)")
        used.insert(String(match.0))
      }
    }
    #expect(Set(grammar.keys).subtracting(used).isEmpty)
  }

  /// Words in quotes are words that the parser looks for.
  @Test func `every terminal stands in the parser`() throws {
    let folder = Self.root.appendingPathComponent("Sources/DLMSyntax")
    var sources = ""
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      let text = try String(contentsOf: file, encoding: .utf8)
      sources += text.split(separator: "\n").filter { !$0.contains("///") }
        .joined(separator: "\n")
    }
    for production in try grammar().filter({ $0.key != "string" }).values {
      for match in production.matches(of: /"([^"]+)"/) {
        #expect(sources.contains("\"\(match.1)\""), "\(match.1)")
      }
    }
  }
}
