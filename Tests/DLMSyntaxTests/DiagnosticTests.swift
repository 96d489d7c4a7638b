import Testing

@testable import DLMSyntax

@Suite struct DiagnosticTests {
  static func span(_ words: String, in file: SourceFile) -> Span {
    let bytes = Array(words.utf8)
    let start = file.bytes.indices.first { file.bytes[$0...].starts(with: bytes) } ?? 0
    return Span(start, start + bytes.count)
  }

  @Test func `an error shows the text, the arithmetic and the fix`() {
    let text =
      String(repeating: "\n", count: 8) + "      |> flatten\n      |> Linear(50, in: 300) |> relu\n"
    let file = SourceFile(path: "mnist.dlm", text: text)
    let written = Self.span("in: 300", in: file)
    var diagnostic = Diagnostic(
      .error, "S012", "Linear was told to expect 300 features, but gets 320",
      at: .init(file, written, "300 written here"))
    diagnostic.secondary = [.init(file, Self.span("flatten", in: file), "real[B, 320]")]
    diagnostic.notes = [
      .init("how 320 came about", lines: ["flatten    real[B, 320]    20 * 4 * 4"])
    ]
    diagnostic.help = "drop `in: 300`, it is inferred (or write `in: 320`)"
    diagnostic.fixes = [.init("write `in: 320`", [.init(written, "in: 320")])]
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        error[S012]: Linear was told to expect 300 features, but gets 320
           ┌─ mnist.dlm:10:21
         9 │       |> flatten
           │          ------- real[B, 320]
        10 │       |> Linear(50, in: 300) |> relu
           │                     ^^^^^^^ 300 written here
           = how 320 came about
               flatten    real[B, 320]    20 * 4 * 4
           help: drop `in: 300`, it is inferred (or write `in: 320`)   [fix available]

        """)
    #expect(
      DiagnosticRenderer().short(diagnostic)
        == "mnist.dlm:10:21: error[S012]: Linear was told to expect 300 features, but gets 320")
  }

  @Test func `carets stand below tabs and wide characters`() {
    let file = SourceFile(path: "a.dlm", text: "\tlet 漢 = é + y")
    let diagnostic = Diagnostic(
      .warning, "N001", "unknown name `y`", at: .init(file, Self.span("y", in: file)))
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        warning[N001]: unknown name `y`
          ┌─ a.dlm:1:14
        1 │     let 漢 = é + y
          │                  ^

        """)
  }

  @Test func `a span past the end of the text is drawn at its end`() {
    let file = SourceFile(path: "a.dlm", text: "x +")
    let diagnostic = Diagnostic(
      .error, "P001", "an operand is missing", at: .init(file, Span(9, 12)))
    #expect(DiagnosticRenderer().render(diagnostic).contains("1 │ x +\n  │    ^\n"))
  }

  @Test func `colour is only there if asked for`() {
    let file = SourceFile(path: "a.dlm", text: "x")
    let diagnostic = Diagnostic(.error, "P001", "m", at: .init(file, Span(0, 1)))
    #expect(!DiagnosticRenderer().render(diagnostic).contains("\u{1B}"))
    #expect(DiagnosticRenderer(usesColor: true).render(diagnostic).contains("\u{1B}[1;31m"))
  }

  @Test func `the nearest name is the one meant`() {
    #expect(nearest(to: "momentun", among: ["lr", "momentum", "decay"]) == "momentum")
    #expect(nearest(to: "rleu", among: ["bleu", "gelu", "relu"]) == "relu")
    #expect(nearest(to: "shuffle", among: ["batch", "epochs"]) == nil)
  }
}
