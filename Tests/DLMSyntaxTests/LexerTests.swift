import Foundation
import Testing

@testable import DLMSyntax

@Suite struct LexerTests {
  static func words(_ text: String) -> [String] {
    let file = SourceFile(path: "test.dlm", text: text)
    return Lexer.tokens(of: file).dropLast().map { file.string($0.span) }
  }

  static func kinds(_ text: String) -> [Token.Kind] {
    Lexer.tokens(of: SourceFile(path: "test.dlm", text: text)).dropLast().map(\.kind)
  }

  @Test func `tokens are as long as they can be`() {
    #expect(
      Self.words("x|>Conv(10,k:5)") == ["x", "|>", "Conv", "(", "10", ",", "k", ":", "5", ")"])
    #expect(
      Self.words("0..<n 0..1 ...S x.T") == [
        "0", "..<", "n", "0", "..", "1", "...", "S", "x", ".", "T",
      ])
    #expect(Self.words("a<=b!=c->d~=e") == ["a", "<=", "b", "!=", "c", "->", "d", "~=", "e"])
  }

  @Test func `names and numbers have their kinds`() {
    #expect(
      Self.kinds("relu Conv 3 1_000 0.5 1e-4 2.0E3 \"a\"")
        == [.name, .capitalName, .integer, .integer, .real, .real, .real, .string])
    #expect(Self.words("1e 2.x") == ["1", "e", "2", ".", "x"])
  }

  @Test func `a string may hold quotes in braces and after a backslash`() {
    #expect(Self.words(#""a\"b" "{f("x")}" y"#) == [#""a\"b""#, #""{f("x")}""#, "y"])
    #expect(Self.kinds("\"open\nx") == [.invalid, .name])
  }

  @Test func `comments are trivia and line breaks are seen`() {
    let file = SourceFile(path: "test.dlm", text: "a // b\n  c d")
    let tokens = Lexer.tokens(of: file)
    #expect(tokens.map(\.startsLine) == [true, true, false, false])
    #expect(file.string(Span(tokens[1].triviaStart, tokens[1].span.start)) == " // b\n  ")
  }

  /// Tokens and trivia put together again.
  static func reassembled(_ file: SourceFile) -> [UInt8] {
    Lexer.tokens(of: file).flatMap { Array(file.bytes[$0.triviaStart..<$0.span.end]) }
  }

  @Test func `every program of the repository is cut without loss and without invalid tokens`()
    throws
  {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var count = 0
    for folder in ["examples", "Sources/CDLMPrelude/prelude"] {
      let url = root.appending(path: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
      where name.hasSuffix(".dlm") {
        let text = try String(contentsOf: url.appending(path: name), encoding: .utf8)
        let file = SourceFile(path: name, text: text)
        #expect(Self.reassembled(file) == file.bytes)
        #expect(!Lexer.tokens(of: file).contains { $0.kind == .invalid }, "\(name)")
        count += 1
      }
    }
    #expect(count >= 10)
  }

  @Test func `no text is lost, however broken`() {
    let pieces = [
      "x", "\"", "{", "\\", "é", "漢", "\n", "\r\n", "//", "0.", "1e", "|", "&", "\u{0}", " ", "#",
    ]
    var state: UInt64 = 1
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let file = SourceFile(path: "test.dlm", text: text)
      #expect(Self.reassembled(file) == file.bytes)
    }
  }
}
