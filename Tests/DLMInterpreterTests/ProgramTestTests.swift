import DLMCPU
import DLMInterpreter
import DLMSyntax
import Testing

/// What `dlm test` does.
@Suite struct ProgramTestTests {
  /// How each test of `text` ended, with nothing where it passed, and the text once recorded.
  private func test(_ text: String) throws -> (ended: [String: String], recorded: String) {
    let file = SourceFile(path: "test.dlm", text: text)
    let session = try Session(folder: "", options: RunOptions(), backend: CPUBackend(threads: 1)) {
      _ in
    }
    var ended: [String: String] = [:]
    let run = try session.test(Parser.parse(file).tree) { name, diagnostic in
      ended[name] =
        diagnostic.map {
          let (line, column) = $0.primary.file.position(at: $0.primary.span.start)
          return "\(line):\(column) \($0.message)"
        } ?? ""
    }
    #expect(run.diagnostics.isEmpty)
    return (ended, file.applying(run.recording))
  }

  private static let outdated = """
    /// Twice the number.
    ///
    /// ```dlm
    /// let x = 3.0
    /// print twice(x)
    /// //> 8
    /// //> 9
    /// print twice(x), [x]
    /// ```
    fn twice(x: real) -> real { 2 * x }
    print twice(1.0)
    //> 2
    for i in 1..2 { print i }
    //> 1

    test "prints" {
        print zeros[2, 1]
    }
    print "last"
    """

  @Test func `lines below what prints are tests`() throws {
    #expect(
      try test(Self.outdated).ended == [
        "prints": "", "lines `//>`": "14:1 this prints `1 | 2`, not `1`",
        "sample of twice": "6:5 this prints `6`, not `8 | 9`",
      ])
  }

  @Test func `what is printed can be recorded`() throws {
    let recorded = """
      /// Twice the number.
      ///
      /// ```dlm
      /// let x = 3.0
      /// print twice(x)
      /// //> 6
      /// print twice(x), [x]
      /// //> 6 [3]
      /// ```
      fn twice(x: real) -> real { 2 * x }
      print twice(1.0)
      //> 2
      for i in 1..2 { print i }
      //> 1
      //> 2

      test "prints" {
          print zeros[2, 1]
      }
      //> [[0],
      //>  [0]]
      print "last"
      //> last

      """
    #expect(try test(Self.outdated).recorded == recorded)
    let again = try test(recorded)
    #expect(again.recorded == recorded)
    #expect(Set(again.ended.values) == [""])
  }

  @Test func `a sample may train`() throws {
    let text = """
      /// ```
      /// data line = rows(x: [[0.0], [1.0]], y: [[1.0], [3.0]])
      /// let net = Linear(1)
      /// train fit on line {
      ///     batch 2
      ///     epochs 300
      ///     minimize mse(net(x), y) over net with Plain(lr: 0.5)
      /// }
      /// print net([[2.0]])
      /// //> [[5]]
      /// ```
      optimizer Plain(lr: real) for p, g { p = p - lr * g }
      """
    #expect(try test(text).ended == ["sample of Plain": ""])
  }

  @Test func `a sample is found behind line breaks of two bytes`() throws {
    let text =
      "/// ```\r\n/// print half(3.0)\r\n/// //> 1\r\n/// ```\r\nfn half(x: real) { x / 2 }\r\n"
    #expect(try test(text).ended == ["sample of half": "3:5 this prints `1.5`, not `1`"])
  }

  @Test func `samples of doc comments are tests`() throws {
    let text = """
      /// Twice the number.
      /// ```
      /// print twice(3.0)
      /// //> 6
      /// ```
      fn twice(x: real) -> real { 2 * x }

      /// Wrong on purpose.
      /// ```
      /// print thrice(3.0)
      /// //> 8
      /// ```
      fn thrice(x: real) -> real { 3 * x }
      """
    #expect(
      try test(text).ended == [
        "sample of twice": "", "sample of thrice": "11:5 this prints `9`, not `8`",
      ])
  }

  @Test func `written gradients are compared with finite differences`() throws {
    let text = """
      fn right(x: real[N], y: real[N]) -> real[N] { x^2 * y } grad (g) { (2 * x * y * g, x^2 * g) }
      fn wrong(x: real[...S]) -> real[...S] { x^3 } grad (g) { 2 * x^2 * g }
      fn straight(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }
      """
    #expect(
      try test(text).ended.mapValues(\.isEmpty) == [
        "gradient of right": true, "gradient of wrong": false, "gradient of straight": true,
      ])
  }
}
