import DLMData
import DLMFrontend
import DLMGraph
import DLMShapes
import DLMSyntax
import DLMTensor

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
  let session: Session
  /// The frame of the block: its scope has the metrics, the names of `minimize`, `step`, `epoch`.
  var frame: Frame
  /// Numbers that each step leaves: `loss`, `d.loss`, `gp`.
  private(set) var results: [(name: String, variable: Variable)] = []
  private var steps: [Int: RecordedStep] = [:]
  private var isFinished = false
  /// Evaluations by place in the program and number of rows.
  var evaluations: [Evaluation.Key: Evaluation] = [:]
  /// Rows of splits that evaluations have read.
  var evaluated: [String: RowDataset] = [:]
  var checkpoints: CheckpointFolder?
  /// Metrics of which less is better: `test.loss`.
  var lossMetrics: Set<String> = []
  private(set) var position = RunEvent.Training.Position(epoch: 1, step: 0)
  let seed: UInt64
  /// Where an earlier run of this training was stopped.
  private let start: Checkpointed?

  init(
    _ declaration: TrainDeclaration, _ evaluator: Evaluator, _ machine: GraphMachine,
    _ session: Session, from start: Checkpointed?, in frame: inout Frame
  ) throws {
    self.declaration = declaration
    self.evaluator = evaluator
    self.machine = machine
    self.session = session
    clauses = try TrainingClauses(declaration, evaluator, &frame)
    split = try evaluator.split(declaration.source, &frame)
    seed = session.options.seed ?? start?.seed ?? clauses.seed ?? 0
    machine.seed = seed
    self.start = start
    self.frame = evaluator.trainFrame(frame)
    do {
      dataset = try split.rows()
    } catch let problem as DataProblem {
      throw Failure(.dataProblem(problem, frame.label(declaration.source)))
    }
    if let clause = clauses.checkpoint, !session.options.isSmoke {
      checkpoints = CheckpointFolder(
        session.resolve(clause.path), keepsBest: clause.keepsBest, keepsLast: clause.keepsLast)
    }
  }

  /// Trains to the end, or until the user stops it.
  func run() throws {
    try machine.beginTraining()
    if let start { position = .init(epoch: start.cursor.epoch + 1, step: start.step) }
    let loader = try BatchLoader(
      dataset, batchSize: clauses.batchSize, shuffled: clauses.isShuffled,
      dropLast: clauses.dropsLast, seed: seed, from: start?.cursor ?? BatchCursor())
    guard loader.batchCount > 0 else {
      throw Failure(
        .runFails(
          "\(split.rows) rows make no batch of \(clauses.batchSize)", help: nil,
          frame.label(declaration.source)))
    }
    let written = clauses.epochs ?? (clauses.steps == nil ? 1 : .max)
    let epochs = session.options.isSmoke ? 1 : session.options.epochs ?? written
    let training = RunEvent.Training(
      name: declaration.name.text, epochs: epochs, stepsPerEpoch: loader.batchCount,
      rows: dataset.rowCount, batchSize: clauses.batchSize)
    session.send(.began(training))
    while loader.cursor.epoch < epochs, !isAtLastStep {
      position.epoch = loader.cursor.epoch + 1
      try runEpoch(loader)
      try endEpoch(loader)
    }
    session.send(.ended(training, position))
  }

  /// Runs the clauses with `eval` once, on what a checkpoint holds.
  func evaluateOnly() throws {
    for clause in clauses.repeated where clause.evaluates { try walk(clause, nil) }
  }

  private func runEpoch(_ loader: BatchLoader) throws {
    while !isAtLastStep, let batch = loader.next() {
      let step = try recorded(rows: batch.rowCount)
      position.step += 1
      try step.run(on: batch, seed: seed, counter: UInt64(position.step))
      let loss = results.first?.variable.tensor[0] ?? 0
      session.send(.stepped(position, loss: loss))
      for clause in clauses.repeated
      where !clause.isPerEpoch && position.step % clause.count == 0 {
        try walk(clause, batch)
      }
      if let clause = clauses.checkpoint, !clause.isPerEpoch, position.step % clause.count == 0 {
        try save(loader)
      }
      switch session.control() {
      case .goOn: break
      case .finish: isFinished = true
      case .interrupt: try interrupt(loader)
      }
    }
  }

  private var isAtLastStep: Bool {
    if isFinished { return true }
    if session.options.isSmoke { return position.step >= 1 }
    return clauses.steps.map { position.step >= $0 } ?? false
  }

  private func endEpoch(_ loader: BatchLoader) throws {
    for clause in clauses.repeated where clause.isPerEpoch && position.epoch % clause.count == 0 {
      try walk(clause, nil)
    }
    if let clause = clauses.checkpoint, clause.isPerEpoch, position.epoch % clause.count == 0 {
      try save(loader)
    }
  }

  /// The step for batches of `rows`, recorded the first time.
  private func recorded(rows: Int) throws -> RecordedStep {
    if let known = steps[rows] { return known }
    let step = try machine.record(
      split, of: dataset, rows: rows, with: evaluator, in: frame, isTraining: false
    ) { inner in
      inner.scope = Scope(around: inner.scope)
      for update in clauses.updates {
        switch update {
        case .minimize(let minimize): try self.minimize(minimize, in: &inner)
        case .statement(let statement):
          var result: Value = .none
          try evaluator.walk(statement, &inner, result: &result)
        }
      }
      for (name, slot) in inner.scope.own {
        guard case .tensor(let tensor) = slot.value, tensor.isScalar else { continue }
        try leave(tensor, as: name, inner)
      }
    }
    steps[rows] = step
    return step
  }

  /// Makes a number of the step readable when the step is over.
  private func leave(_ tensor: TensorValue, as name: String, _ frame: Frame) throws {
    let variable: Variable
    if let known = results.first(where: { $0.name == name })?.variable {
      variable = known
    } else {
      variable = Variable(path: name, tensor: try Tensor(zeros: []))
      results.append((name, variable))
    }
    try machine.assign(try evaluator.handle(of: tensor, frame), to: variable)
  }

  /// Walks an `every` with what the last step has left; a batch is at hand after steps only.
  private func walk(_ clause: TrainingClauses.Repeated, _ batch: Batch?) throws {
    var inner = frame
    if let batch {
      inner = try evaluator.batch(
        of: split, rows: batch.rowCount, in: frame, isTraining: false
      ) { field in
        guard let index = dataset.fields.firstIndex(where: { $0.name == field.name }) else {
          return nil
        }
        let rows = try batch.tensors[index].copied(rows: batch.rowCount)
        return try machine.decoded(
          machine.handle(of: Variable(path: field.name, tensor: rows)), field)
      }
    }
    try evaluator.step {
      try defineResults()
      var result: Value = .none
      evaluator.logged = []
      var body = inner.inner()
      for statement in clause.body.statements {
        try evaluator.walk(statement, &body, result: &result)
      }
      let metrics = try evaluator.logged.map {
        RunEvent.Metric(name: $0.name, value: try evaluator.read($0.value)?.first ?? .nan)
      }
      if !metrics.isEmpty {
        session.send(.logged(position, metrics, isPerEpoch: clause.isPerEpoch))
      }
    }
    try machine.beginTraining()
  }

  /// Puts the numbers of the last step into the scope of the block.
  private func defineResults() throws {
    var records: [String: [(name: String, value: Value)]] = [:]
    for (name, variable) in results {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      let value = Value.number(variable.tensor[0])
      if parts.count == 1 {
        frame.train?.define(name, value)
      } else {
        records[parts[0], default: []].append((parts[1], value))
      }
    }
    for (name, fields) in records { frame.train?.define(name, .record(fields)) }
    frame.train?.define("step", .int(Dim(position.step)))
    frame.train?.define("epoch", .int(Dim(position.epoch)))
  }
}

// Updates of a step.
extension Training {
  /// Records the update of a `minimize`.
  func minimize(_ minimize: Minimize, in frame: inout Frame) throws {
    let objective = try evaluator.objective(minimize, &frame)
    let name = minimize.name?.text
    try leave(objective.loss, as: name.map { "\($0).loss" } ?? "loss", frame)
    let loss = try evaluator.handle(of: objective.loss, frame)
    let parameters = objective.modules.flatMap(\.parameters).filter {
      evaluator.parameters[$0.path] != nil
    }
    let handles = parameters.compactMap { evaluator.parameters[$0.path] }
    let gradients = try machine.gradient(of: loss, withRespectTo: handles)
    let owner = "\(declaration.name.text).\(name ?? "optimizer")"
    for (index, parameter) in parameters.enumerated() {
      let real = TensorType(.real, handles[index].dims.map { Dim($0) })
      try evaluator.update(
        objective.optimizer, parameter: TensorValue(real, handle: handles[index]),
        gradient: TensorValue(real, handle: gradients[index]), path: parameter.path,
        statePath: "\(owner).\(parameter.path)", at: minimize.optimizer, in: frame)
    }
  }
}
