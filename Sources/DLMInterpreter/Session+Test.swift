import DLMFrontend
import DLMSyntax

/// What the tests of a program have found.
package struct TestRun {
  /// What is wrong outside of tests.
  package var diagnostics: [Diagnostic]
  /// What makes the lines `//> ...` of the text say what has been printed.
  package var recording: [Diagnostic.Edit] = []
}

// The tests of a program.
extension Session {
  /// Checks `tree` and runs what stands in it but for the `train` blocks, with its tests: `test` blocks,
  /// lines `//> ...` below what prints, the samples in its doc comments, and the gradients that its
  /// functions write.
  ///
  /// - Parameters:
  ///   - records: whether those lines are to be written anew: then none of them is wrong.
  ///   - ended: told of each test, with what did not hold.
  package func test(
    _ tree: Tree, records: Bool = false, ended: @escaping (String, Diagnostic?) -> Void
  ) throws -> TestRun {
    let found = check(tree)
    guard !found.hasErrors else { return TestRun(diagnostics: found.diagnostics) }
    let machine = GraphMachine(backend: backend, seed: options.seed ?? 0, resolve: resolve)
    var transcript = Transcript(tree.file, items: tree.itemSpans)
    var run = TestRun(
      diagnostics: try walk(
        tree, machine, trainer: Untrained(), itemBegins: { transcript.begin($0) },
        testEnded: ended,
        output: { [send] in
          transcript.print($0)
          send(.printed($0))
        }))
    if run.diagnostics.isEmpty, transcript.saysAnything {
      ended("lines `//>`", records ? nil : mismatch(in: transcript, tree.file))
    }
    run.recording = tree.file.edits(transcript.recording)
    for case .declaration(let declaration) in tree.items {
      guard let name = declaration.kind.declaredName else { continue }
      for sample in declaration.samples(in: tree.file) {
        run.recording += try test(sample, of: name, tree, records, ended)
      }
      if case .function(let function) = declaration.kind {
        try testGradient(of: function, at: declaration.span.start, tree, ended)
      }
    }
    return run
  }

  /// Runs a sample of a doc comment behind the declarations of its file.
  private func test(
    _ sample: Sample, of name: String, _ tree: Tree, _ records: Bool,
    _ ended: (String, Diagnostic?) -> Void
  ) throws -> [Diagnostic.Edit] {
    let declarations = tree.declarationText
    let parsed = Parser.parse(trial(declarations + sample.program, of: name, tree))
    let count = declarations.utf8.count
    let own = parsed.tree.itemSpans.firstIndex { $0.start >= count } ?? parsed.tree.items.count
    var transcript = Transcript(
      parsed.tree.file, items: Array(parsed.tree.itemSpans[own...]))
    let diagnostics = try run(
      parsed, itemBegins: { transcript.begin($0 - own) }, output: { transcript.print($0) })
    let above = declarations.utf8.count { $0 == UInt8(ascii: "\n") }
    let problem = records ? nil : mismatch(in: transcript, tree.file, from: sample.line - above)
    ended("sample of \(name)", diagnostics.first ?? problem)
    guard diagnostics.isEmpty else { return [] }
    return tree.file.edits(
      transcript.recording, from: sample.line - above, prefix: sample.prefix)
  }

  /// - Parameter start: the line of `file` at which the text of the transcript begins.
  private func mismatch(in transcript: Transcript, _ file: SourceFile, from start: Int = 0)
    -> Diagnostic?
  {
    guard let (printed, expected, line) = transcript.mismatch else { return nil }
    let found = printed.isEmpty ? "nothing" : "`\(printed.joined(separator: " | "))`"
    let span = file.lineSpan(line + start)
    let mark = file.bytes[span.start..<span.end].split(separator: UInt8(ascii: ">")).first
    let place = Span((mark?.endIndex ?? span.start + 2) - 2, span.end)
    return .runFails(
      "this prints \(found), not `\(expected.joined(separator: " | "))`",
      help: "`dlm test --record` writes what it prints",
      Diagnostic.Label(file, place))
  }

  private func testGradient(
    of function: FunctionDeclaration, at start: Int, _ tree: Tree,
    _ ended: (String, Diagnostic?) -> Void
  ) throws {
    guard let gradient = GradientTrial(function, in: tree) else { return }
    let name = function.name.text
    var printed: [String] = []
    var diagnostics = try run(
      Parser.parse(trial(gradient.program, of: name, tree)),
      output: { printed += $0.split(separator: "\n").map(String.init) })
    if diagnostics.isEmpty, let problem = GradientTrial.problem(printed) {
      let place = Diagnostic.Label(tree.file, Span(start, start))
      diagnostics = [.runFails("`grad` of `\(name)`: \(problem)", help: nil, place)]
    }
    ended("gradient of \(name)", diagnostics.first)
  }

  /// The text of a program that stands for itself.
  private func trial(_ text: String, of name: String, _ tree: Tree) -> SourceFile {
    SourceFile(path: "\(tree.file.path), trial of \(name)", text: text)
  }

  /// Checks and runs a program of its own, its trainings too; the errors that it meets.
  private func run(
    _ parsed: ParsedModule, itemBegins: @escaping (Int) -> Void = { _ in },
    output: @escaping (String) -> Void
  ) throws -> [Diagnostic] {
    guard parsed.diagnostics.isEmpty else { return parsed.diagnostics }
    let found = check(parsed.tree)
    if found.hasErrors { return found.diagnostics.filter { $0.severity == .error } }
    let machine = GraphMachine(backend: backend, seed: options.seed ?? 0, resolve: resolve)
    self.machine = machine
    return try walk(
      parsed.tree, machine, trainer: self, itemBegins: itemBegins, output: output)
  }
}

/// Passes over `train` blocks.
private final class Untrained: Trainer {
  func train(_ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame) {}

  func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame) {}

  func halt() {}

  func run(_ run: SweepRun, of tree: Tree) {}

  func endSweep() {}

  func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame
  ) {}
}
