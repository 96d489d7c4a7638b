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
    Case(
      "bytes that are no UTF-8", "P003", String(decoding: [0x78, 0xFF, 0xC0, 0x3D], as: UTF8.self)),
    Case("right-to-left marks", "P003", "let \u{202E}x = 1"),
    Case("an escape of the terminal", "P003", "\u{1B}[31mlet x = 1"),
  ]

  private static func doubled(_ first: String, _ next: (String) -> String) -> String {
    (1..<60).reduce("let x0 = \(first)\n") { text, turn in
      text + "let x\(turn) = \(next("x\(turn - 1)"))\n"
    } + "print x59"
  }

  private static func dims(_ next: (String, Int) -> String) -> String {
    let body = (1..<60).reduce("dim K0 = D + 1\n") { text, turn in
      text + "    dim K\(turn) = \(next("K\(turn - 1)", turn))\n"
    }
    return "layer A(x: real[D, E]) -> real[_] {\n    \(body)    zeros[K59] * sum(x)\n}"
  }

  static let heavy: [Case] = [
    Case(
      "a repeat of 1e9 layers", "N038",
      "layer A(x: real[B, 4]) -> real[B, 4] {\n    var h = x\n    repeat 1000000000 { h = h |> Linear(4) |> relu }\n    h\n}\nprint A()(ones[2, 4])"
    ),
    Case("a repeat of 1e9 turns", nil, "var s = 0\nrepeat 1000000000 { s = s + 1 }\nprint s"),
    Case(
      "loops in loops", nil,
      "var s = 0\n\((0..<10).map { "for i\($0) in 0..<1000 { " }.joined())s = s + 1\(times(" }", 10))\nprint s"
    ),
    Case("a loop without an end", nil, "var s = 0\nwhile true { s = s + 1 }\nprint s"),
    Case(
      "a sweep of 1e18 combinations", "T013",
      """
      let a = 1
      let b = 1
      let l = Linear(1)
      data d = rows(x: [[1.0]], y: [[1.0]])
      train t on d {
          batch 1
          minimize mse(l(x), y) over l with SGD(lr: a + b)
      }
      sweep a in 0..<1000000000, b in 0..<1000000000 { run t(a, b) }
      """),
    Case("tuples of tuples", "N038", doubled("(1, 2)") { "(\($0), \($0))" }),
    Case("lists of lists", "N038", doubled("[1, 2]") { "[\($0), \($0)]" }),
    Case("strings of strings", "N038", doubled("\"ab\"") { "\"{\($0)}{\($0)}\"" }),
    Case("numbers squared sixty times", "N038", doubled("3") { "\($0) * \($0)" }),
    Case("dims squared sixty times", "N038", dims { name, _ in "\(name) * \(name)" }),
    Case("dims to a high power", "N038", dims { name, turn in turn == 1 ? "(D + E)^1000" : name }),
    Case(
      "floors in floors", "N038",
      dims { "(\($0) + \($1)) div 2 + (\($0) + \($1 + 1)) div 3 + D % \($1 + 1)" }),
    Case(
      "layers that call each other", "N023",
      "layer A(x: real[D]) -> real[D] { x |> B() }\nlayer B(x: real[D]) -> real[D] { x |> A() }\nprint A()(ones[3])"
    ),
    Case("a function that calls itself", "N023", "fn f(n: int) { f(n + 1) }\nprint f(0)"),
    Case("a function that is given itself", "N023", "let w = fn (x: fn) { x(x) }\nprint w(w)"),
    Case(
      "a function that calls itself twice", "N037",
      "fn fib(n: int) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nprint fib(60)"),
    Case("a number with 1e12 digits", nil, "print \"{1.5:999999999999}\""),
    Case(
      "mistakes in every line", "N001", (0..<20_000).map { "let a\($0) = zzz\($0)\n" }.joined()),
  ]

  @Test func `what loops compute is known where they were walked to their end`() throws {
    let text = """
      var s = 0
      for i in 0..<100 { s = s + 1 }
      var t = 0
      while t < 100 { t = t + 1 }
      layer A(x: real[B, 4]) -> real[B, _] {
          var h = x
          repeat i in 0..<100 { h = h |> Linear(i + 1) |> relu }
          h
      }
      print sum(zeros[s] + zeros[t]), sum(A()(ones[2, 4]) + zeros[2, s])
      var u = 0
      for i in 0..<100000 { u = u + 1 }
      print sum(zeros[u] + zeros[100000])
      """
    #expect(try drawn(text) == "")
  }

  @Test(arguments: nested + long + strange + heavy)
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
