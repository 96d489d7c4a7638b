import DLMSyntax
import Testing

@testable import DLMFrontend

/// Texts that nobody writes by hand: each is read, checked, laid out and complained of in bounded time, depth
/// and memory, and what is said of it fits a screen.
@Suite(.timeLimit(.minutes(1))) struct PathologicalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// The code of what is said first; nothing where the text is a program.
    var code: String?
    var text: String

    var testDescription: String { name }

    init(_ name: String, _ code: String?, _ text: String) {
      self.name = name
      self.code = code
      self.text = text
    }
  }

  private static let many = 100_000

  private static func times(_ text: String, _ count: Int = many) -> String {
    String(repeating: text, count: count)
  }

  static let nested: [Case] = [
    Case("parentheses", "P002", "let x = \(times("("))1\(times(")"))"),
    Case("parentheses without an end", "P002", "let x = \(times("("))"),
    Case("brackets", "P002", "let x = \(times("["))1\(times("]"))"),
    Case("braces", "P001", times("{") + times("}")),
    Case("blocks", "P002", times("if true { ") + times(" }")),
    Case("signs", "P002", "let x = \(times("- "))1"),
    Case("negations", "P002", "let x = \(times("not "))true"),
    Case("foreign negations", "P006", "let x = \(times("!"))true"),
    Case("else if", "P002", "let a = 1\nif a == 0 { }\(times(" else if a == 1 { }"))"),
    Case("choices", "P002", "let y = \(times("true ? 1 : "))2"),
    Case("powers", "P002", "let y = \(times("2^"))2"),
    Case("fields", "P002", "let x = (a: 1)\nlet y = x\(times(".a"))"),
    Case("calls", "P002", "let f = fn (x) { x }\nlet y = f\(times("(1)"))"),
    Case("indices", "P002", "let x = ones[3]\nlet y = x\(times("[0]"))"),
    Case("along", "P002", "let y = ones[3]\(times(" along 0"))"),
    Case("types", "P002", "fn f(x: \(times("["))int\(times("]"))) { x }"),
    Case("optional types", "P002", "fn f(x: int\(times("?"))) { x }"),
    Case("patterns", "P002", "let \(times("("))a\(times(")")) = 1"),
    Case("functions", "P002", "let x = \(times("fn (x) { "))1\(times(" }"))"),
    Case("matches", "P002", "let x = \(times("match 1 { 1 { "))1\(times(" } }"))"),
    Case("strings in strings", "P002", "let x = \(times("\"{", 2000))1\(times("}\"", 2000))"),
  ]

  static let long: [Case] = [
    Case("a string of values", nil, "let x = \"\(times("{1}", 5000))\"\nprint x"),
    Case("a string of braces", "P001", "let x = \"\(times("{"))\(times("}"))\""),
    Case("comments", nil, times("// x\n", 20_000) + "print 1\n"),
    Case("a comment of 10 MB", nil, "//\(times("/", 10_000_000))\nprint 1\n"),
    Case("documentation", nil, times("/// x\n", 5000) + "fn f(x) { x }\nprint f(1)\n"),
    Case("a name of 1 MB", "N001", "print \(times("a", 1_000_000))"),
    Case("a chain of 1 MB", nil, "let x = 1\(times(" + 1", 250_000))\nprint x"),
    Case("quotes", "P008", times("\"")),
    Case("backslashes", "P004", "let x = \"\(times("\\"))"),
    Case("semicolons", "P001", times(";")),
    Case("mistakes of form", "P001", times("let a = )\n", 20_000)),
    Case("a number of 100,000 digits", "P005", "let x = \(times("9"))"),
  ]

  static let strange: [Case] = [
    Case("a zero byte", "P003", "let x = 1\u{0}\nprint x\u{0}"),
    Case("a byte-order mark", nil, "\u{FEFF}// one\nprint 1\n"),
    Case("carriage returns", nil, "let x = 1\r\nprint x\r\n"),
    Case("bytes that are no UTF-8", "P003", String(decoding: [0x78, 0xFF, 0xC0, 0x3D], as: UTF8.self)),
    Case("right-to-left marks", "P003", "let \u{202E}x = 1"),
    Case("an escape of the terminal", "P003", "\u{1B}[31mlet x = 1"),
  ]

  @Test(arguments: nested + long + strange)
  func `what nobody writes is told in a few words`(_ one: Case) throws {
    let file = SourceFile(path: "a.dlm", text: one.text)
    let parsed = Parser.parse(file)
    let found = try problems(one.text)
    #expect(found.first?.code == one.code, "\(found.first?.message.prefix(200) ?? "nothing")")
    #expect(found.count <= 100)
    for diagnostic in found {
      let drawn = DiagnosticRenderer().render(diagnostic)
      #expect(drawn.utf8.count < 5000)
      #expect(!drawn.utf8.contains { $0 < 0x20 && $0 != 0x0A })
    }
    let laidOut = Formatter.format(file)
    #expect((laidOut == nil) == !parsed.diagnostics.isEmpty)
  }
}
