import DLMFrontend
import DLMSyntax
import DLMTensor

/// One run of a program: checked whole, then walked with a machine.
package final class Session: Trainer {
  let options: RunOptions
  let control: () -> RunControl
  let send: (RunEvent) -> Void
  private let backend: any Backend
  private let folder: String
  /// The checkpoint to start from, until the training that it belongs to has begun.
  private var start: Checkpointed?
  private var machine: GraphMachine?
  private var training: Training?

  /// - Parameters:
  ///   - folder: of the program: what its paths are relative to.
  ///   - control: asked after every step whether to go on.
  ///   - send: told what happens.
  /// - Throws: `SafetensorsError` or `NotACheckpoint`, where the checkpoint cannot be read.
  package init(
    folder: String, options: RunOptions, backend: any Backend,
    control: @escaping () -> RunControl = { .goOn }, send: @escaping (RunEvent) -> Void
  ) throws {
    self.folder = folder
    self.options = options
    self.backend = backend
    self.control = control
    self.send = send
    switch options.start {
    case .resume(let path)?:
      start = try Checkpointed(reading: CheckpointFolder.file("last", at: path))
    case .evaluate(let path)?:
      start = try Checkpointed(reading: CheckpointFolder.file("best", at: path))
    case nil: start = nil
    }
  }

  /// Checks `tree` and, if nothing is wrong with it, runs it.
  ///
  /// - Returns: what was found; nothing has run if an error is among it from the check.
  /// - Throws: `Interruption`, `UnknownOverride`.
  package func run(_ tree: Tree) throws -> [Diagnostic] {
    let prelude = Prelude()
    let provider = FileDataProvider(folder: folder)
    let check = Evaluator(prelude: prelude, provider: provider, overrides: options.overrides)
    let frame = check.check(tree)
    if let name = options.overrides.keys.sorted().first(where: { !check.usedOverrides.contains($0) }
    ) {
      throw UnknownOverride(name: name, nearest: nearest(to: name, among: frame.scope.own.keys))
    }
    guard !check.diagnostics.contains(where: { $0.severity == .error }) else {
      return check.diagnostics
    }
    let machine = GraphMachine(
      backend: backend, seed: options.seed ?? start?.seed ?? 0,
      store: VariableStore(loaded: start?.tensors ?? [:]))
    self.machine = machine
    let walk = Evaluator(
      prelude: prelude, provider: provider, machine: machine, overrides: options.overrides)
    walk.trainer = self
    walk.output = { [send] in send(.printed($0)) }
    try walk.walk(tree)
    return check.diagnostics + walk.diagnostics.filter { $0.severity == .error }
  }

  /// Checks `tree` and runs what stands in it but for the `train` blocks, with its tests.
  ///
  /// - Parameter ended: told of each test, with what did not hold.
  /// - Returns: what the check or the run found outside tests.
  package func test(_ tree: Tree, ended: @escaping (String, Diagnostic?) -> Void) throws
    -> [Diagnostic]
  {
    let prelude = Prelude()
    let provider = FileDataProvider(folder: folder)
    let check = Evaluator(prelude: prelude, provider: provider)
    check.check(tree)
    guard !check.diagnostics.contains(where: { $0.severity == .error }) else {
      return check.diagnostics
    }
    let walk = Evaluator(
      prelude: prelude, provider: provider,
      machine: GraphMachine(backend: backend, seed: options.seed ?? 0))
    let untrained = Untrained()
    walk.trainer = untrained
    walk.testEnded = ended
    walk.output = { [send] in send(.printed($0)) }
    try withExtendedLifetime(untrained) { _ = try walk.walk(tree) }
    return walk.diagnostics
  }

  package func train(
    _ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame
  ) throws {
    guard let machine else { preconditionFailure("a run has a machine") }
    if let start, start.training != declaration.name.text { return }
    let training = try Training(declaration, evaluator, machine, self, from: start, in: &frame)
    self.training = training
    defer { self.training = nil }
    start = nil
    if case .evaluate? = options.start {
      try training.evaluateOnly()
    } else {
      try training.run()
    }
  }

  package func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame)
    throws
  {
    try training?.minimize(minimize, in: &frame)
  }

  package func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame
  ) throws {
    try training?.evaluate(split, body, in: &frame)
  }

  func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }
}

/// `--set` of a name that the program does not bind.
package struct UnknownOverride: Error {
  package var name: String
  package var nearest: String?

  package var message: String {
    "--set \(name): the program binds no such name"
      + (nearest.map { "; did you mean `\($0)`?" } ?? ".")
  }
}

/// Passes over `train` blocks.
private final class Untrained: Trainer {
  func train(_ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame) {}

  func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame) {}

  func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame
  ) {}
}
