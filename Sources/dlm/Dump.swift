import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMSyntax

/// `dlm dump plan mnist.dlm`
struct Dump: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what passes between two steps of the way from text to kernel.",
    discussion: """
      tokens and tree are those of the file, shapes the types of stages and bindings; graph is the objective of each train block, gradient the \
      same with its gradients and updates, plan what the kernels are called with.
      """)

  enum Stage: String, ExpressibleByArgument, CaseIterable {
    case tokens, tree, shapes, graph, gradient, plan

    var recording: RunEvent.Recording? {
      switch self {
      case .tokens, .tree, .shapes: nil
      case .graph: .graph
      case .gradient: .gradient
      case .plan: .plan
      }
    }
  }

  @ArgumentParser.Argument(help: "What to print.")
  var stage: Stage

  @ArgumentParser.Argument(help: "The program.", completion: .file(extensions: ["dlm"]))
  var file: String

  @OptionGroup var device: DeviceOptions

  func run() throws {
    let program = try Program(reading: file)
    if stage == .tokens { return Terminal.out(Lexer.dump(program.file)) }
    let parsed = Parser.parse(program.file)
    if stage == .tree { Terminal.out(parsed.tree.dump()) }
    guard report(parsed.diagnostics) else { throw ExitStatus.failure.code }
    if stage == .shapes { return try dumpShapes(of: program, parsed.tree) }
    guard let recording = stage.recording else { return }
    var options = RunOptions()
    (options.isSmoke, options.showsRecording) = (true, true)
    let session = try Session(
      folder: program.folder, options: options, backend: device.backend(),
      send: { if case .recorded(recording, let text) = $0 { Terminal.out(text) } })
    let diagnostics = try withLargeStack { () throws in try session.run(parsed.tree) }
    guard report(diagnostics) else { throw ExitStatus.failure.code }
  }

  /// Each place once, in the order of the text.
  private func dumpShapes(of program: Program, _ tree: Tree) throws {
    let evaluator = Evaluator(
      prelude: Prelude(), provider: FileDataProvider(folder: program.folder))
    let recording = Recording()
    evaluator.recording = recording
    withLargeStack { _ = evaluator.check(tree) }
    for (span, type) in recording.types {
      let (line, column) = program.file.position(at: span.start)
      Terminal.out("\(line):\(column) \(program.file.string(span))  \(type)\n")
    }
    guard report(evaluator.diagnostics) else { throw ExitStatus.failure.code }
  }
}
