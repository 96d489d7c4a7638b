import DLMFrontend
import DLMSyntax
import DLMTensor

/// One run of a program: checked whole, then walked with a machine.
package final class Session: Trainer, TrainingHost {
  let options: RunOptions
  let control: () -> RunControl
  let send: (RunEvent) -> Void
  private let confirm: ([String]) -> Bool
  let backend: any Backend
  private let folder: String
  private let prelude = Prelude()
  private let provider: FileDataProvider
  /// The checkpoint to start from, until the training that it belongs to has begun.
  private var start: Checkpointed?
  /// Whether a training before that one has been left out, and what it had kept taken over.
  private var skippedTraining = false
  var machine: GraphMachine?
  private var training: Training?
  /// Trainings that a sweep runs, and that do not run by themselves.
  private var swept: Set<String> = []
  private var runOfSweep: SweepRun?
  private var sweepResults: [(run: SweepRun, metrics: [RunEvent.Metric])] = []

  /// - Parameters:
  ///   - folder: of the program: what its paths are relative to.
  ///   - control: asked after every step whether to go on.
  ///   - confirm: asked whether to go on from a checkpoint of another program, with what differs.
  ///   - send: told what happens.
  /// - Throws: `SafetensorsError` or `NotACheckpoint`, where the checkpoint cannot be read.
  package init(
    folder: String, options: RunOptions, backend: any Backend,
    control: @escaping () -> RunControl = { .goOn },
    confirm: @escaping ([String]) -> Bool = { _ in true }, send: @escaping (RunEvent) -> Void
  ) throws {
    self.folder = folder
    provider = FileDataProvider(folder: folder)
    self.options = options
    self.backend = backend
    self.control = control
    self.confirm = confirm
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
  /// - Throws: `Interruption`, `UnknownOverride`, `UnknownTraining`.
  package func run(_ tree: Tree) throws -> [Diagnostic] {
    let trainings = tree.trainings
    if let start, !trainings.contains(start.training) {
      throw UnknownTraining(
        name: start.training, nearest: nearest(to: start.training, among: trainings))
    }
    let found = check(tree)
    let unused = Set(options.overrides.keys).subtracting(found.usedOverrides).sorted()
    if let name = unused.first {
      throw UnknownOverride(name: name, nearest: nearest(to: name, among: found.names))
    }
    guard !found.hasErrors else { return found.diagnostics }
    let machine = GraphMachine(
      backend: backend, seed: options.seed ?? start?.seed ?? 0, store: VariableStore(from: start),
      resolve: resolve)
    machine.profile = options.profile
    self.machine = machine
    swept = tree.sweptTrainings
    return found.diagnostics + (try walk(tree, machine, trainer: self))
  }

  struct Found {
    var diagnostics: [Diagnostic]
    var usedOverrides: Set<String>
    /// What the program binds at its top.
    var names: [String]

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  }

  func check(_ tree: Tree) -> Found {
    let evaluator = Evaluator(prelude: prelude, provider: provider, overrides: options.overrides)
    let frame = evaluator.check(tree)
    return Found(
      diagnostics: evaluator.diagnostics, usedOverrides: evaluator.usedOverrides,
      names: Array(frame.scope.own.keys))
  }

  /// Walks a program that has been checked; what a run found wrong.
  func walk(
    _ tree: Tree, _ machine: GraphMachine, trainer: any Trainer, for run: SweepRun? = nil,
    itemBegins: @escaping (Int) -> Void = { _ in },
    testEnded: ((String, Diagnostic?) -> Void)? = nil, output: ((String) -> Void)? = nil
  ) throws -> [Diagnostic] {
    let evaluator = Evaluator(
      prelude: prelude, provider: provider, machine: machine, overrides: options.overrides)
    evaluator.trainer = trainer
    evaluator.itemBegins = itemBegins
    evaluator.testEnded = testEnded
    evaluator.sweepRun = run
    evaluator.output = output ?? { [send] in send(.printed($0)) }
    evaluator.writer = { [unowned self, unowned evaluator] output, path in
      guard !options.isSmoke else { return }
      try OutputWriter(machine: machine, evaluator: evaluator).write(output, to: resolve(path))
    }
    try withExtendedLifetime(trainer) { _ = try evaluator.walk(tree) }
    // The check has given the warnings.
    return evaluator.diagnostics.filter { $0.severity == .error }
  }

  package func train(
    _ declaration: TrainDeclaration, with evaluator: Evaluator, in frame: inout Frame
  ) throws {
    guard let machine else { preconditionFailure("a run has a machine") }
    if let start, start.training != declaration.name.text {
      // What the program computes behind it goes by what it has left, where it has kept that.
      if let kept = try kept(by: declaration, evaluator, &frame) {
        try machine.beginTraining()
        try machine.restore(kept)
        skippedTraining = true
      }
      return
    }
    if runOfSweep == nil, options.start == nil, swept.contains(declaration.name.text) { return }
    if let start, skippedTraining {
      try machine.beginTraining()
      try machine.restore(start.tensors)
    }
    let training = try Training(declaration, evaluator, machine, self, from: start, in: &frame)
    self.training = training
    defer { self.training = nil }
    start = nil
    if case .evaluate? = options.start {
      try training.evaluateOnly()
    } else {
      try training.run()
    }
    if let runOfSweep { sweepResults.append((runOfSweep, training.summary)) }
  }

  /// The tensors of the last checkpoint of a training, if it writes some and has.
  private func kept(
    by declaration: TrainDeclaration, _ evaluator: Evaluator, _ frame: inout Frame
  ) throws -> [String: Tensor]? {
    for case .checkpoint(let checkpoint) in declaration.clauses.map(\.kind) {
      guard case .string(let path?) = try evaluator.value(checkpoint.path, &frame),
        let last = try? Checkpointed(reading: CheckpointFolder.file("last", at: resolve(path))),
        last.training == declaration.name.text
      else { continue }
      return last.tensors
    }
    return nil
  }

  package func minimize(_ minimize: Minimize, with evaluator: Evaluator, in frame: inout Frame)
    throws
  {
    try training?.minimize(minimize, in: &frame)
  }

  package func run(_ run: SweepRun, of tree: Tree) throws {
    guard options.start == nil else { return }
    let outer = machine
    defer { (machine, runOfSweep) = (outer, nil) }
    let machine = GraphMachine(backend: backend, seed: options.seed ?? 0, resolve: resolve)
    (self.machine, runOfSweep) = (machine, run)
    send(.sweeps(run.title))
    let diagnostics = try walk(tree, machine, trainer: self, for: run)
    if let first = diagnostics.first { throw Failure(first) }
  }

  package func endSweep() {
    send(
      .swept(
        sweepResults.map {
          .init(values: $0.run.values.map { ($0.name, $0.text) }, metrics: $0.metrics)
        }))
    sweepResults = []
  }

  package func halt() { training?.halt() }

  package func evaluate(
    _ split: DataSplit, _ body: Block, with evaluator: Evaluator, in frame: inout Frame
  ) throws {
    try training?.evaluate(split, body, in: &frame)
  }

  func goesOn(despite differences: [String]) -> Bool { confirm(differences) }

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

/// A checkpoint of a training that the program does not have.
package struct UnknownTraining: Error {
  package var name: String
  package var nearest: String?

  package var message: String {
    "the checkpoint is one of `train \(name)`, which the program does not have"
      + (nearest.map { "; did you mean that of `\($0)`?" } ?? ".")
  }
}
