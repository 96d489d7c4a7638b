import DLMFrontend
import DLMShapes
import DLMSyntax

/// The clauses of a `train` block, with their numbers.
struct TrainingClauses {
  var batchSize = 1
  var isShuffled = false
  var dropsLast = false
  var epochs: Int?
  var steps: Int?
  var seed: UInt64?
  /// The updates of one step: a `minimize`, an `update`, or the statements of `step { }`.
  var updates: [Update] = []
  var repeated: [Repeated] = []
  var triggers: [Triggered] = []
  var checkpoint: CheckpointClause?
  /// Steps whose gradients make up one update.
  var accumulated = 1
  /// `on nan { ... }`
  var onNaN: Block?
  /// `precision bf16`
  var precision: Precision?
  /// `clip norm 1.0`
  var clip: (what: Name, limit: ExpressionID)?

  /// `when` and `stop`
  struct Triggered {
    enum Action {
      case walk(Block)
      case stop(restoresBest: Bool)
    }

    var trigger: Trigger
    var action: Action
    /// Whether what it looks at changes with epochs only.
    var isPerEpoch: Bool
    /// Of the clause in the block.
    var number: Int
  }

  var hasStepTriggers: Bool { triggers.contains { !$0.isPerEpoch } }

  enum Update {
    case minimize(Minimize)
    case update(DLMSyntax.Update)
    case statement(Statement)
  }

  /// `every 10 steps { }`
  struct Repeated {
    var count: Int
    var isPerEpoch: Bool
    var body: Block

    var evaluations: [Statement] {
      body.statements.filter { if case .eval = $0.kind { true } else { false } }
    }
  }

  struct CheckpointClause {
    var path: String
    var place: Span
    var count: Int
    var isPerEpoch: Bool
    var keepsBest: Int
    var metric: ExpressionID?
    var keepsLast: Int
  }

  /// - Throws: `Failure` where a number is not what the clause needs.
  init(
    _ train: TrainDeclaration, _ split: DataSplit, _ evaluator: Evaluator, _ frame: inout Frame
  ) throws {
    batchSize = split.dataset.batchSize ?? 1
    for (number, clause) in train.clauses.enumerated() {
      switch clause.kind {
      case .batch(let id, let shuffled, let dropLast):
        batchSize = try evaluator.count(id, least: 1, &frame)
        (isShuffled, dropsLast) = (shuffled, dropLast)
      case .epochs(let id): epochs = try evaluator.count(id, least: 0, &frame)
      case .steps(let id): steps = try evaluator.count(id, least: 0, &frame)
      case .seed(let id): seed = UInt64(try evaluator.count(id, least: 0, &frame))
      case .minimize(let minimize):
        updates.append(.minimize(minimize))
      case .update(let update):
        updates.append(.update(update))
      case .step(let body): updates += body.statements.map { .statement($0) }
      case .every(let count, let unit, let body):
        repeated.append(
          Repeated(
            count: try count.map { try evaluator.count($0, least: 1, &frame) } ?? 1,
            isPerEpoch: unit.text.hasPrefix("epoch"), body: body))
      case .checkpoint(let clause):
        checkpoint = try CheckpointClause(clause, evaluator, &frame)
      case .accumulate(let id): accumulated = try evaluator.count(id, least: 1, &frame)
      case .clip(let what, let limit): clip = (what, limit)
      case .when(let trigger, let body):
        triggers.append(
          Triggered(
            trigger: trigger, action: .walk(body),
            isPerEpoch: trigger.isPerEpoch(in: frame.tree), number: number))
      case .stop(let trigger, let restoresBest):
        triggers.append(
          Triggered(
            trigger: trigger, action: .stop(restoresBest: restoresBest),
            isPerEpoch: trigger.isPerEpoch(in: frame.tree), number: number))
      case .precision(let format, let keep, let names):
        precision = try evaluator.precision(format, keep: keep, for: names, frame)
      case .onNaN(let body): onNaN = body
      }
    }
  }
}

extension TrainingClauses.CheckpointClause {
  fileprivate init(_ clause: Checkpoint, _ evaluator: Evaluator, _ frame: inout Frame) throws {
    guard case .string(let path?) = try evaluator.value(clause.path, &frame) else {
      preconditionFailure("the check knows that the path is a string")
    }
    self.path = path
    place = frame.tree.span(clause.path)
    count = try clause.interval.map { try evaluator.count($0, least: 1, &frame) } ?? 1
    isPerEpoch = clause.unit?.text.hasPrefix("epoch") ?? true
    keepsBest = try clause.best.map { try evaluator.count($0.count, least: 1, &frame) } ?? 0
    metric = clause.best?.metric
    keepsLast = try clause.last.map { try evaluator.count($0, least: 1, &frame) } ?? 1
  }
}

extension Evaluator {
  /// A whole number of at least `least`.
  fileprivate func count(_ id: ExpressionID, least: Int, _ frame: inout Frame) throws -> Int {
    guard case .int(let dim) = try value(id, &frame),
      let number = frame.facts.normal(dim).constant, number >= least
    else {
      throw Failure(
        .runFails("this must be a whole number of at least \(least)", help: nil, frame.label(id)))
    }
    return number
  }
}

extension Trigger {
  /// Whether what it looks at changes with epochs only: a condition is looked at whenever a number in
  /// it may have changed.
  fileprivate func isPerEpoch(in tree: Tree) -> Bool {
    switch self {
    case .condition(let id):
      let words = tree.text(id).split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }
      return !words.contains { $0 == "step" || $0 == "loss" }
    case .stalls(_, _, let unit, _): return unit.text.hasPrefix("epoch")
    }
  }
}
