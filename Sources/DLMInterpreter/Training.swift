import DLMData
import DLMFrontend
import DLMGraph
import DLMShapes
import DLMSyntax
import DLMTensor

/// What a training needs of the run that it is part of.
protocol TrainingHost: AnyObject {
  var options: RunOptions { get }
  /// Asked after every step whether to go on.
  var control: () -> RunControl { get }

  /// Asked whether to go on from a checkpoint of a program that was another, a line for each difference.
  func goesOn(despite differences: [String]) -> Bool

  /// Told what happens.
  var send: (RunEvent) -> Void { get }

  /// A path of the program as one of the system.
  func resolve(_ path: String) -> String
}

/// One `train` block at work.
///
/// The step is walked and planned once for each size of batch, in an epoch two at most, and replayed.
final class Training {
  let declaration: TrainDeclaration
  let clauses: TrainingClauses
  let split: DataSplit
  let dataset: RowDataset
  let evaluator: Evaluator
  let machine: GraphMachine
  let session: any TrainingHost
  /// The frame of the block: its scope has the metrics, the names of `minimize`, `step`, `epoch`.
  var frame: Frame
  /// Numbers that each step leaves: `loss`, `d.loss`, `gp`.
  var results: [(name: String, variable: Variable)] = []
  /// Those of them that schedules give.
  var scheduled: [Variable] = []
  /// Recorded steps; none after something that they were recorded with has changed.
  var steps: [StepKey: RecordedStep] = [:]
  /// `step` and `epoch` as schedules read them.
  let clock: (step: Variable, epoch: Variable)
  /// Numbers that each `minimize ... as` gave its optimizer when it was recorded.
  var optimizers: [String: [String: Value]] = [:]
  /// What the program says of its optimizers.
  var optimizerSettings: [String: String] = [:]
  /// The optimizers as `minimize` has made them.
  var made: [String: OptimizerValue] = [:]
  /// Whether the step that is being recorded updates.
  var updatesParameters = true
  /// Rates of the optimizers that `minimize ... as` names, as clauses have left them.
  var rates: [String: [String: Double]] = [:]
  /// By how much clauses have multiplied rates that schedules give.
  var factors: [String: [String: Double]] = [:]
  /// What `stalls` remembers, by the number of its clause.
  var stalls: [Int: Stall] = [:]
  /// What was frozen when steps were recorded.
  var frozen: Set<String> = []
  var isFinished = false
  /// Whether a `stop` clause has said so.
  var isStopped = false
  /// Whether the training ends with the values of its best checkpoint.
  var wantsBest = false
  private var isInterrupted = false
  private var isPaused = false
  /// Whether it was paused within an epoch, whose values to recover to are kept already.
  private var wasPaused = false
  private var loader: BatchLoader?
  /// Epochs to train, where the step count does not end it before.
  private var epochs = 0
  /// Evaluations by place in the program and number of rows.
  var evaluations: [Evaluation.Key: Evaluation] = [:]
  /// What each split has been found to be, last: `test.acc`.
  var lastEvaluated: [RunEvent.Metric] = []
  /// Rows of splits that evaluations have read.
  var evaluated: [String: RowDataset] = [:]
  var checkpoints: CheckpointFolder?
  /// Metrics of which less is better: `test.loss`.
  var lossMetrics: Set<String> = []
  /// Of the last step that gave a number.
  var lastLoss: Double?
  /// What a training with `on nan` goes back to: everything kept, at the start of the epoch.
  var recovery: [String: Tensor] = [:]
  var position = RunEvent.Training.Position(epoch: 1, step: 0)
  let seed: UInt64
  /// Where an earlier run of this training was stopped.
  let start: Checkpointed?
  let began = ContinuousClock.now
  /// From where the step that gives no number is looked for.
  var snapshot: Snapshot?

  init(
    _ declaration: TrainDeclaration, _ evaluator: Evaluator, _ machine: GraphMachine,
    _ session: any TrainingHost, from start: Checkpointed?, in frame: inout Frame
  ) throws {
    self.declaration = declaration
    self.evaluator = evaluator
    self.machine = machine
    self.session = session
    split = try evaluator.split(declaration.source, &frame)
    clauses = try TrainingClauses(declaration, split, evaluator, &frame)
    seed = session.options.seed ?? start?.seed ?? clauses.seed ?? 0
    machine.seed = seed
    self.start = start
    self.frame = evaluator.trainFrame(frame)
    self.frame.precision = clauses.precision
    clock = (
      Variable(path: "step", tensor: try Tensor(zeros: [])),
      Variable(path: "epoch", tensor: try Tensor(zeros: []))
    )
    do {
      dataset = try split.rows()
    } catch let problem as DataProblem {
      throw Failure(.dataProblem(problem, frame.label(declaration.source)))
    }
    if let clause = clauses.checkpoint, !session.options.isSmoke {
      checkpoints = CheckpointFolder(
        session.resolve(clause.path), keepsBest: clause.keepsBest, keepsLast: clause.keepsLast,
        best: start?.best ?? [])
    }
  }

  /// Trains to the end, or until the user stops it.
  func run() throws {
    try begin()
    try goOn()
  }

  /// Makes everything ready for the first step.
  func begin() throws {
    try prepareCheckpoints()
    try machine.beginTraining()
    if let start {
      position = .init(epoch: start.cursor.epoch + 1, step: start.step)
      (stalls, rates, evaluator.frozen) = (start.stalls, start.rates, start.frozen)
      (lastEvaluated, lossMetrics) = (start.metrics, start.lossMetrics)
      factors = start.factors
      (isFinished, isStopped) = (start.isFinished, start.isFinished)
      wantsBest = start.wantsBest
      takeUp(start.metrics)
    }
    let loader = try BatchLoader(
      dataset, batchSize: clauses.batchSize, shuffled: clauses.isShuffled,
      dropLast: clauses.dropsLast, seed: seed, from: start?.cursor ?? BatchCursor())
    guard loader.batchCount > 0 else {
      throw Failure(
        .runFails(
          "\(split.rows) rows make no batch of \(clauses.batchSize)", help: nil,
          frame.label(declaration.source)))
    }
    self.loader = loader
    let written = clauses.epochs ?? (clauses.steps == nil ? 1 : .max)
    epochs = session.options.isSmoke ? 1 : session.options.epochs ?? written
    let total = clauses.steps ?? (epochs == .max ? 0 : epochs * loader.batchCount)
    frame.train?.define("steps", .int(Dim(total)))
    if let start { try compare(with: start) }
  }

  /// Trains on from where it stands, to the end or until the user pauses it.
  ///
  /// - Returns: whether the end has been reached.
  @discardableResult func goOn() throws -> Bool {
    guard let loader else { preconditionFailure("a training is begun before it goes on") }
    isPaused = false
    let training = RunEvent.Training(
      name: declaration.name.text, epochs: epochs, stepsPerEpoch: loader.batchCount,
      rows: dataset.rowCount, batchSize: clauses.batchSize)
    session.send(.began(training))
    while loader.cursor.epoch < epochs, !isAtLastStep {
      position.epoch = loader.cursor.epoch + 1
      try runEpoch(loader)
      if wasPaused { return false }
      try endEpoch(loader)
      if isInterrupted { try interrupt(loader) }
      if isPaused { return false }
    }
    // Where no step was left, one that is walked tells the layers what they keep.
    if steps.isEmpty {
      _ = try recorded(StepKey(rows: min(clauses.batchSize, dataset.rowCount), updates: true))
    }
    // What the last checkpoint holds is what a run that goes on from it needs.
    if wantsBest { try restoreBest() }
    session.send(.ended(training, position))
    return true
  }

  /// Where it stands, but for the numbers that are kept.
  var standing: Checkpointed? {
    guard let loader else { return nil }
    var state = state(loader)
    state.tensors = [:]
    return state
  }

  /// What the training came to: its last loss, and what it has evaluated last.
  var summary: [RunEvent.Metric] {
    (lastLoss.map { [RunEvent.Metric(name: "loss", value: $0)] } ?? []) + lastEvaluated
  }

  /// Runs the clauses with `eval` once, on what a checkpoint holds.
  func evaluateOnly() throws {
    try evaluator.step {
      for evaluation in clauses.repeated.flatMap(\.evaluations) {
        var result: Value = .none
        try evaluator.walk(evaluation, &frame, result: &result)
      }
    }
  }

  private func runEpoch(_ loader: BatchLoader) throws {
    if !wasPaused { try keepForRecovery() }
    wasPaused = false
    while !isAtLastStep, let batch = loader.next() {
      position.step += 1
      let updates = position.step % clauses.accumulated == 0
      let step = try recorded(StepKey(rows: batch.rowCount, updates: updates))
      clock.step.tensor[0] = Double(position.step)
      clock.epoch.tensor[0] = Double(position.epoch)
      try run(step, on: batch)
      try checkRates()
      let loss = results.isEmpty ? 0 : results[0].variable.tensor[0]
      session.send(.stepped(position, loss: loss))
      if !loss.isFinite {
        try recover(on: batch)
      } else {
        lastLoss = loss
        try afterStep(batch, loader)
        try keepForReplay(loader)
      }
      switch session.control() {
      case .goOn: break
      case .finish: isFinished = true
      case .pause:
        isPaused = true
        wasPaused = !loader.isAtEndOfEpoch
        if wasPaused { return }
      case .interrupt:
        isInterrupted = true
        // After the last batch the clauses of the epoch come first: they need what its steps have left.
        if !loader.isAtEndOfEpoch { try interrupt(loader) }
      }
    }
  }

  private func afterStep(_ batch: Batch, _ loader: BatchLoader) throws {
    for clause in clauses.repeated where !clause.isPerEpoch && position.step % clause.count == 0 {
      try walk(clause.body, isPerEpoch: false, batch)
    }
    if clauses.hasStepTriggers { try pull(clauses.triggers.filter { !$0.isPerEpoch }) }
    if let clause = clauses.checkpoint, !clause.isPerEpoch, position.step % clause.count == 0 {
      try save(loader)
    }
  }

  private var isAtLastStep: Bool {
    if isFinished { return true }
    if session.options.isSmoke { return position.step >= 1 }
    return clauses.steps.map { position.step >= $0 } ?? false
  }

  private func endEpoch(_ loader: BatchLoader) throws {
    for clause in clauses.repeated where clause.isPerEpoch && position.epoch % clause.count == 0 {
      try walk(clause.body, isPerEpoch: true, nil)
    }
    // Triggers first: what they count belongs to the epoch that the checkpoint ends.
    try pull(clauses.triggers.filter(\.isPerEpoch))
    if let clause = clauses.checkpoint, clause.isPerEpoch, position.epoch % clause.count == 0 {
      try save(loader)
    }
  }
}
