import Foundation
import Testing

@testable import DLMSyntax

@Suite struct ParserTests {
  static func parse(_ text: String) -> ParsedModule {
    Parser.parse(SourceFile(path: "test.dlm", text: text))
  }

  static func codes(_ text: String) -> [String] { parse(text).diagnostics.map(\.code) }

  @Test func `every program of the repository parses`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var items = 0
    for folder in ["examples", "Sources/CDLMPrelude/prelude"] {
      let url = root.appending(path: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
      where name.hasSuffix(".dlm") {
        let text = try String(contentsOf: url.appending(path: name), encoding: .utf8)
        let module = Parser.parse(SourceFile(path: name, text: text))
        let shown = module.diagnostics.map { DiagnosticRenderer().render($0) }
        #expect(shown.isEmpty, "\(shown.joined())")
        items += module.tree.items.count
      }
    }
    #expect(items > 30)
  }

  @Test func `one mistake does not hide the next, and is told once`() {
    let module = Self.parse("let a = (1 + \nlet b = 2 *\nlet c = 3\nlet d = ]\n")
    #expect(module.diagnostics.count >= 2)
    let second = Self.parse("layer A(x: real[B]) { x |> }\nlet b = @\n")
    let shown = second.diagnostics.map { DiagnosticRenderer().short($0) }
    #expect(shown.count == 2, "\(shown)")
  }

  @Test func `other languages' words are told apart`() {
    #expect(Self.codes("let a = b && c") == ["P006"])
    #expect(Self.codes("let a = None") == ["P006"])
    #expect(Self.codes("let a = x ** 2") == ["P006"])
    #expect(Self.codes("i++") == ["P006"])
  }

  @Test func `a mistake in a string is told and does not spread`() {
    #expect(Self.codes("let a = \"x {1 +} y\"\nlet b = 2") == ["P001"])
    #expect(Self.codes("let a = 1\nlet b = \"{)}\"\nlet c = )") == ["P001", "P001"])
  }

  @Test func `patterns nest in a repeat`() {
    #expect(Self.codes("repeat ((a, b), c) in x { print a }").isEmpty)
    #expect(Self.codes("repeat (2 + 1) { print 1 }").isEmpty)
  }

  @Test func `an unknown clause offers the nearest`() {
    let module = Self.parse("train t on d {\n  epoch 3\n}")
    #expect(module.diagnostics.map(\.code) == ["P007"])
    #expect(module.diagnostics.first?.help == "did you mean `epochs`?")
  }

  @Test func `an unfinished text is incomplete, a wrong one is not`() {
    #expect(Self.parse("let a = (1 +").isIncomplete)
    #expect(Self.parse("layer A(x: real[B]) {").isIncomplete)
    #expect(!Self.parse("let a = 1").isIncomplete)
    #expect(!Self.parse("let a = )").isIncomplete)
  }

  @Test func `deep nesting is a diagnostic and long chains are none`() {
    let deep = String(repeating: "(", count: 100_000)
    #expect(Self.codes("let a = " + deep).contains("P002"))
    let allowed = String(repeating: "(", count: 150) + "1" + String(repeating: ")", count: 150)
    #expect(Self.codes("let a = " + allowed).isEmpty)
    #expect(!Self.parse("let a = " + deep).isIncomplete)
    let long = "let a = 1" + String(repeating: " + 1", count: 100_000)
    #expect(Self.codes(long).isEmpty)
    let pipe = "let a = x" + String(repeating: " |> relu", count: 100_000)
    #expect(Self.codes(pipe).isEmpty)
  }

  @Test func `broken programs never stop the parser`() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "examples/mnist.dlm")
    let bytes = Array(try String(contentsOf: url, encoding: .utf8).utf8)
    var state: UInt64 = 5
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let spare = Array("(){}[]|>,:.=\"{}-+ \n".utf8)
    for _ in 0..<500 {
      var broken = Array(bytes[0..<next(bytes.count)])
      for _ in 0..<next(8) where !broken.isEmpty {
        broken[next(broken.count)] = spare[next(spare.count)]
      }
      let module = Self.parse(String(decoding: broken, as: UTF8.self))
      #expect(module.diagnostics.count < 200)
    }
  }
}
