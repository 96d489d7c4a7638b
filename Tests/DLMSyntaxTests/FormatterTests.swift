import DLMTestSupport
import Foundation
import Testing

@testable import DLMSyntax

@Suite struct FormatterTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Every program of the repository, relative to its root.
  static let programs: [String] = {
    let folders = ["examples", "Sources/CDLMPrelude/prelude", "Tests"]
    return folders.flatMap { folder -> [String] in
      let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
      return (names?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".dlm") }
        .map { "\(folder)/\($0)" }
    }.sorted()
  }()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func format(_ text: String) -> String? {
    Formatter.format(SourceFile(path: "test.dlm", text: text))
  }

  /// The tree without its places, and the comments in order.
  static func content(_ text: String) -> String {
    let file = SourceFile(path: "test.dlm", text: text)
    let parsed = Parser.parse(file)
    var comments: [String] = []
    for token in Lexer.tokens(of: file) {
      let gap = file.string(Span(token.triviaStart, token.span.start))
      for line in gap.split(separator: "\n") {
        guard let start = line.firstRange(of: "//")?.lowerBound else { continue }
        comments.append(line[start...].trimmingCharacters(in: .whitespaces))
      }
    }
    let tree = parsed.tree.dump().replacing(/[0-9]+:[0-9]+/, with: "")
    return tree + comments.joined(separator: "\n")
  }

  /// What is wrong with the way in which `text` is laid out; nothing for a text with mistakes of form.
  static func problem(_ text: String) -> String? {
    guard let once = format(text) else { return nil }
    guard let twice = format(once) else { return "what is laid out cannot be read again:\n\(once)" }
    if twice != once { return "laid out twice it is another:\n\(once)\n---\n\(twice)" }
    if content(once) != content(text) { return "it says something else:\n\(text)\n---\n\(once)" }
    if once.contains(" \n") || once.contains("\t") || once.contains("\n\n\n") {
      return "it has spaces that nobody sees:\n\(once)"
    }
    return nil
  }

  @Test(arguments: programs)
  func `layout keeps tree and comments and is stable`(_ path: String) throws {
    #expect(Self.problem(try Self.text(path)) == nil)
  }

  @Test(arguments: programs.filter { !$0.contains("Transcripts") && !$0.contains("Corpus") })
  func `programs of the repository are laid out`(_ path: String) throws {
    let text = try Self.text(path)
    #expect(Self.format(text) == text, "run `dlm fmt \(path)`")
  }

  @Test func `programs with odd spaces and comments keep what they say`() throws {
    for seed in 0..<500 {
      var generator = ProgramWriter(seed: UInt64(seed))
      let text = generator.program()
      #expect(Self.format(text) != nil, "it does not parse:\n\(text)")
      #expect(Self.problem(text) == nil, "seed \(seed)")
    }
  }

  @Test func `mutated programs never break the formatter`() throws {
    let count = ProcessInfo.processInfo.environment["DLM_MUTATIONS"].flatMap(Int.init) ?? 2000
    var random = SplitMix(state: 11)
    let texts = try Self.programs.map { Array(try Self.text($0).utf8) }
    for _ in 0..<count {
      var bytes = texts[random.below(texts.count)]
      for _ in 0...random.below(3) where !bytes.isEmpty {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Array(" \n(){}[]|>-:,.".utf8)[random.below(14)], at: place)
        case 2: bytes.removeSubrange(place...)
        default: bytes.swapAt(place, random.below(bytes.count))
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(Self.problem(text) == nil)
    }
  }

  @Test(arguments: [
    ("let  a=1", "let a = 1\n"),
    ("let a = -1 - -b*2", "let a = -1 - -b*2\n"),
    ("print -a", "print -a\n"),
    ("print -  x, - x", "print -x, -x\n"),
    ("let a = f (x) [0] ? b : - c", "let a = f(x)[0] ? b : -c\n"),
    ("let g = fn(x:int ? )->real [B,2]{x}", "let g = fn (x: int?) -> real[B, 2] { x }\n"),
    ("fn f (x) {x} grad(g){g}", "fn f(x) { x } grad (g) { g }\n"),
    (
      "layer A (n :int) (x :index (V) [B])where n>0:\"no\" { x }",
      "layer A(n: int)(x: index(V)[B]) where n > 0 : \"no\" { x }\n"
    ),
    (
      "let o = A(decay:0.1 except b,norm . * at 0.2)",
      "let o = A(decay: 0.1 except b, norm.* at 0.2)\n"
    ),
    ("let a = label [..,- 1], b = [ -1 ] along -1", "let a = label[.., -1], b = [-1] along -1\n"),
    (
      "match x{\n1,2{a}\n0 ..< 3 {b}\n   _{c}}",
      "match x {\n    1, 2 { a }\n    0..<3 { b }\n    _ { c } }\n"
    ),
    ("let a = match(x){1{2}_{3}}", "let a = match (x) { 1 { 2 } _ { 3 } }\n"),
    ("\u{FEFF}// one\nlet a=1", "// one\nlet a = 1\n"),
    ("let a = - -b", "let a = - -b\n"),
    ("let a = 1 - - -b", "let a = 1 - - -b\n"),
    ("let a = c ?\n1 : 2", "let a = c ?\n    1 : 2\n"),
    ("x|>Conv( 10,k:5 )|>relu", "x |> Conv(10, k: 5) |> relu\n"),
    ("let y = x\n|> f\n  |> g", "let y = x\n    |> f\n    |> g\n"),
    ("let y = x |> f\n|> g", "let y = x |> f\n          |> g\n"),
    ("layer A(x:real[B,C]) ->real[B]{\nx\n}", "layer A(x: real[B, C]) -> real[B] {\n    x\n}\n"),
    ("let a = c ? b:d", "let a = c ? b : d\n"),
    ("if a{\n\n\nb = 1\n\n}else{c=2}", "if a {\n    b = 1\n} else { c = 2 }\n"),
    ("let a = 1 // one\nlet bb = 2   // two\n", "let a = 1   // one\nlet bb = 2  // two\n"),
    ("// head\r\n\r\n\r\nlet a = 1\t// tail", "// head\n\nlet a = 1   // tail\n"),
    ("let a = f(\n1,\n2\n)", "let a = f(\n    1,\n    2\n)\n"),
    ("for i in 0 ..< 3 { print x[ .. , i ] }", "for i in 0..<3 { print x[.., i] }\n"),
  ])
  func `one style`(_ text: String, _ expected: String) {
    #expect(Self.format(text) == expected)
  }

  @Test func `a text with mistakes of form is left alone`() {
    #expect(Self.format("let a = (") == nil)
  }

  @Test func `edits for some lines change only those`() throws {
    let file = SourceFile(path: "test.dlm", text: "let  a = 1\nlet  b = 2\nlet  c = 3\n")
    let edits = try #require(Formatter.edits(file, in: 1...1))
    #expect(edits.map(\.replacement) == ["let b = 2"])
    #expect(edits.map { file.string($0.span) } == ["let  b = 2"])
  }
}

/// Writes programs of random form, with spaces and comments where they may be.
private struct ProgramWriter {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func program() -> String {
    (0...random.below(6)).map { _ in item() }.joined()
  }

  private mutating func item() -> String {
    switch random.below(4) {
    case 0:
      return
        "\(comment())layer N\(random.below(9))\(gap())(x\(gap()):\(gap())real[B,\(gap())4])\(gap())->\(gap())real[B, _]\(gap()){\(line())\(block())}\n"
    case 1: return "fn f\(random.below(9))(x, y)\(gap()){\(line())\(block())}\(gap())\(comment())\n"
    default: return "\(comment())\(statement())\n\(line())"
    }
  }

  private mutating func block() -> String {
    (0..<random.below(4)).map { _ in "\(gap())\(statement())\(comment())\(line())" }.joined()
  }

  private mutating func statement() -> String {
    switch random.below(6) {
    case 0: return "let a\(random.below(9))\(gap())=\(gap())\(expression(3))"
    case 1: return "print\(gap()) \(expression(2))"
    case 2:
      return
        "if\(gap()) a > 1\(gap()){\(line())\(block())}\(gap())else\(gap()){\(line())\(block())}"
    case 3: return "repeat i in 0..<3 {\(line())\(block())}"
    case 4: return "let b =\(gap())x\(breakLine())|>\(gap())Linear(4)\(breakLine())|> relu"
    default: return "a\(gap())=\(gap())\(expression(2))"
    }
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return ["a", "B", "1", "0.5", "\"s {a}\""][random.below(5)] }
    switch random.below(8) {
    case 0: return "(\(gap())\(expression(depth - 1))\(gap()))"
    case 1:
      return
        "f(\(breakLine())\(expression(depth - 1)),\(gap())k:\(gap())\(expression(depth - 1))\(gap()))"
    case 2: return "[\(expression(depth - 1)),\(breakLine())\(expression(depth - 1))]"
    case 3: return ["(-a)", "(- -2)", "(-B)"][random.below(3)]
    case 4: return "x[..,\(gap())\(expression(depth - 1))]"
    case 5:
      return "(a > 1 ?\(gap())\(expression(depth - 1))\(gap()):\(gap())\(expression(depth - 1)))"
    default:
      let sign = ["+", "-", "*", "/", "^", "@"][random.below(6)]
      let (space, other) = random.below(2) == 0 ? ("", "") : (" ", gap() + " ")
      return "\(expression(depth - 1))\(space)\(sign)\(other)\(expression(depth - 1))"
    }
  }

  private mutating func gap() -> String { ["", "", " ", "  ", "\t"][random.below(5)] }

  private mutating func breakLine() -> String {
    [" ", "\n", "\n      ", " // why\n  "][random.below(4)]
  }

  private mutating func comment() -> String {
    random.below(4) == 0 ? " // note \(random.below(100))  \n" : ""
  }

  private mutating func line() -> String {
    ["\n", "\n\n\n", "  \n", " // here\n"][random.below(4)]
  }
}
