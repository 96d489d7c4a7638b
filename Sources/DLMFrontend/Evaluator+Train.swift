import DLMShapes
import DLMSyntax

// `train` blocks: what a check walks, and what a run asks for step by step.
extension Evaluator {
  /// A frame in which the fields of `split` are tensors with `B` rows.
  ///
  /// - Parameters:
  ///   - rows: the number of rows in a run; `nil` leaves `B` open.
  ///   - handle: where a run has a field.
  package func batch(
    of split: DataSplit, rows: Int?, in frame: Frame, isTraining: Bool,
    handle: (Dataset.Field) throws -> Handle?
  ) throws -> Frame {
    var inner = frame.inner()
    let symbol = symbols.symbol("B")
    batchSymbols.insert(symbol)
    if let rows { inner.facts.assume(.equal(Dim(symbol), Dim(rows))) }
    inner.dims["B"] = .dim(Dim(symbol))
    inner.isTraining = isTraining
    split.dataset.facts.forEach { inner.facts.assume($0) }
    for field in split.dataset.fields {
      let row = field.unmapped ?? field.type
      let type = row.of([Dim(symbol)] + row.dims)
      let source = field.source
      let origin = Origin(field.name, type, arithmetic: source, span: Span(0, 0))
      for dim in row.dims {
        guard let symbol = dim.soleSymbol, symbol.name.first?.isUppercase ?? false,
          inner.dims[symbol.name] == nil
        else { continue }
        inner.dims[symbol.name] = .dim(dim)
      }
      let tensor = TensorValue(type, handle: try handle(field), origin: origin)
      inner.scope.define(field.name, .tensor(try mapped(tensor, field, &inner)))
    }
    return inner
  }

  /// Walks the body of an optimizer for one parameter.
  ///
  /// - Parameters:
  ///   - path: of the parameter, `net.conv1.w`.
  ///   - statePath: below which its state lies.
  ///   - place: the optimizer as the program writes it.
  package func update(
    _ optimizer: OptimizerValue, parameter: TensorValue, gradient: TensorValue, path: String,
    statePath: String, at place: ExpressionID, in frame: Frame
  ) throws {
    var inner = self.frame(
      of: optimizer, optimizer.statics(for: path), parameter, gradient, statePath: statePath,
      at: place, in: frame)
    inner.states.append((optimizer.declaration.parameter.text, path))
    var result: Value = .none
    _ = try walk(optimizer.declaration.body, &inner, result: &result)
  }

  /// What the body of an optimizer sees.
  func frame(
    of optimizer: OptimizerValue, _ statics: [String: Value], _ parameter: TensorValue,
    _ gradient: TensorValue, statePath: String, at place: ExpressionID, in frame: Frame
  ) -> Frame {
    calledFunctions.insert(optimizer.declaration.name.text)
    var inner = Frame(
      module: optimizer.module, scope: Scope(around: optimizer.module.globals), facts: frame.facts)
    inner.statePath = statePath
    if optimizer.module.isPrelude { inner.site = frame.label(place) }
    for (name, value) in statics { inner.scope.define(name, value) }
    let declaration = optimizer.declaration
    inner.scope.define(declaration.parameter.text, .tensor(parameter), isVariable: true)
    inner.scope.define(declaration.gradient.text, .tensor(gradient))
    return inner
  }

  /// Walks what is recorded as a step of its own: its draws and parameters are counted anew.
  ///
  /// - Parameter turn: tells the draws of what is walked again from those of other times; those of what is
  ///   recorded once differ from step to step by themselves.
  package func step<T>(turn: String = "", _ body: () throws -> T) rethrows -> T {
    let outer = (drawCounts, drawTurn, parameters, penalties)
    defer { (drawCounts, drawTurn, parameters, penalties) = outer }
    (drawCounts, drawTurn, parameters, penalties) = ([:], turn, [:], [])
    return try body()
  }

  /// The frame of a `train` block, in whose scope steps leave what their clauses read.
  package func trainFrame(_ frame: Frame) -> Frame {
    var inner = frame.inner()
    inner.train = inner.scope
    return inner
  }

  /// `minimize`, `update`, `log` and `eval`: statements that only a `train` block has.
  func walkTraining(_ statement: Statement, _ frame: inout Frame) throws {
    guard frame.train != nil else {
      throw Failure(.onlyInTrain(frame.tree.text(statement), frame.label(statement.span)))
    }
    if walksStep, openChoices > 0, let word = statement.kind.updateWord {
      throw Failure(.updateInChoice(word, frame.label(statement.span)))
    }
    switch statement.kind {
    case .minimize(let minimize):
      if let trainer { return try trainer.minimize(minimize, with: self, in: &frame) }
      try check(minimize, &frame)
    case .update(let update): try self.update(update, &frame)
    case .logs(let items):
      try refuseInChoice("log", frame.label(statement.span))
      for (id, name) in items {
        if case .record(let fields) = try value(id, &frame) {
          for case (let name, .tensor(let number)) in fields {
            logged.append(Logged(name: name, value: number, isLoss: false))
          }
          continue
        }
        let value = try tensor(id, &frame)
        guard value.isScalar else {
          throw Failure(.logsTensor(value.type, frame.label(id)))
        }
        logged.append(
          Logged(
            name: name?.text ?? frame.tree.text(id), value: value,
            isLoss: isCallOfLoss(id, frame)))
      }
    case .eval(let source, let body):
      try refuseInStep("eval", frame.label(statement.span))
      let split: DataSplit
      do {
        split = try self.split(source, &frame)
      } catch {
        // Metrics that it would have logged are not asked about again.
        for name in ["train", "valid", "test"] where frame.train?[name] == nil {
          frame.train?.define(name, .failed)
        }
        throw error
      }
      if let trainer { return try trainer.evaluate(split, body, with: self, in: &frame) }
      try check(split, body, at: source, &frame)
    default: preconditionFailure("no statement of training")
    }
  }

  /// Makes what `eval` has found known to the clauses of the block.
  package func publish(_ metrics: Value, of split: DataSplit, in frame: Frame) {
    if split.name.isEmpty, case .record(let fields) = metrics {
      split.dataset.metrics = fields
    } else if !split.name.isEmpty {
      frame.train?.define(split.name, metrics)
    }
  }

  /// Whether less of this number is better: it is the result of a `loss`.
  private func isCallOfLoss(_ id: ExpressionID, _ frame: Frame) -> Bool {
    guard case .call(let callee, _) = frame.tree[id], case .name(let name) = frame.tree[callee],
      case .function(let function)? = frame.scope[name]?.value
    else { return false }
    return function.declaration.isLoss
  }
}

/// A number that `log` names.
package struct Logged {
  package var name: String
  package var value: TensorValue
  /// Whether less is better.
  package var isLoss: Bool
}

// What a check does where a run trains: every clause is walked once, with the number of rows open.
extension Evaluator {
  func check(_ train: TrainDeclaration, _ frame: inout Frame) throws {
    let split = try split(train.source, &frame)
    let outer = trainFrame(frame)
    var inner = try batch(of: split, rows: nil, in: outer, isTraining: false) { _ in nil }
    let required = requirements.count
    let updates = trained.count
    updateNames = [:]
    goneNames = [:]
    hasForcedBatch = false
    batchRows = split.dataset.batchSize ?? 1
    for case .batch(let id, _, _) in train.clauses.map(\.kind) {
      batchRows = (try? int(id, &inner)).flatMap { inner.facts.normal($0).constant }
    }
    for word in ["step", "epoch"] { inner.train?.define(word, .tensor(.openNumber)) }
    // Where all updates have names, each loss goes by its own.
    let names = frame.tree.minimizes(in: train).map(\.name?.text)
    if names.contains(nil) { inner.train?.define("loss", .tensor(.openNumber)) }
    inner.train?.define("steps", .int(Dim(symbols.symbol("steps"))))
    inner.train?.define("train source", .split(split))
    // What `keep best` names is known once the other clauses have been walked.
    let isLast = { (clause: Clause) in
      switch clause.kind {
      case .checkpoint, .when, .stop: true
      default: false
      }
    }
    checkClauses(train, frame)
    var between = outer
    for clause in train.clauses.filter({ !isLast($0) }) + train.clauses.filter(isLast) {
      do {
        try step {
          if clause.seesRows {
            try check(clause, of: train, &inner)
          } else {
            try check(clause, of: train, &between)
          }
        }
      } catch let failure as Failure {
        report(failure)
        // What it would have named is not asked about again.
        for name in clause.names { inner.train?.define(name, .failed) }
        inner.train?.define("loss.terms", .failed)
      }
    }
    logged = []
    for one in trained.dropFirst(updates) { try checkFrozen(one) }
    try checkBatches(train, split, since: required, &inner)
  }

  /// Reports clauses that stand twice, and a training that trains nothing.
  private func checkClauses(_ train: TrainDeclaration, _ frame: Frame) {
    var lines: [String: Int] = [:]
    for clause in train.clauses {
      guard let word = clause.onlyOnce else { continue }
      if let line = lines[word] {
        report(Failure(.clauseTwice(word, line: line, frame.label(clause.span))))
      }
      lines[word] = frame.tree.file.position(at: clause.span.start).line
    }
    if !frame.tree.updates(in: train) { warn(.trainsNothing(frame.label(train.name.span))) }
  }

  private func check(_ clause: Clause, of train: TrainDeclaration, _ frame: inout Frame) throws {
    switch clause.kind {
    case .batch(let id, _, _), .epochs(let id), .steps(let id), .seed(let id),
      .accumulate(let id):
      let number = try int(id, &frame)
      let least: Dim =
        switch clause.kind {
        case .batch, .accumulate: 1
        default: 0
        }
      if frame.facts.decide(.atLeast(number, least)) == .refuted {
        throw Failure(.conditionFails("this must be at least \(least)", frame.label(id)))
      }
    case .minimize(let minimize): try recorded { try check(minimize, &frame) }
    case .update(let update): try recorded { try self.update(update, &frame) }
    case .step(let body):
      var inner = frame.inner()
      inner.isTraining = true
      var result: Value = .none
      _ = try recorded { try walk(body, &inner, result: &result) }
      for (name, slot) in inner.scope.own {
        // What a step has bound is gone when it is over, but for its numbers.
        switch slot.value {
        case .failed: frame.train?.define(name, .failed)
        case .tensor(let tensor) where tensor.isScalar: frame.train?.define(name, slot.value)
        default: goneNames[name] = slot.value
        }
      }
    case .every(let count, let unit, let body):
      if let count, frame.facts.decide(.atLeast(try int(count, &frame), 1)) == .refuted {
        throw Failure(.conditionFails("this must be at least 1", frame.label(count)))
      }
      guard ["step", "steps", "epoch", "epochs"].contains(unit.text) else {
        throw Failure(.unknownUnit(unit.text, frame.label(unit.span)))
      }
      try walkAgain(body, of: train, frame)
    case .checkpoint(let checkpoint):
      guard case .string = try value(checkpoint.path, &frame) else {
        throw Failure(
          .notAString(frame.tree.text(checkpoint.path), frame.label(checkpoint.path)))
      }
      if case .string(let path?) = try value(checkpoint.path, &frame) {
        if let other = checkpointPaths.first(where: { $0.path == path }), sweepRun == nil {
          report(
            Failure(.sharedWith(path, other.place, frame.label(checkpoint.path))))
        }
        checkpointPaths.append((path, frame.label(checkpoint.path)))
      }
      for id in [checkpoint.best?.count, checkpoint.last].compactMap({ $0 })
      where frame.facts.decide(.atLeast(try int(id, &frame), 1)) == .refuted {
        throw Failure(.conditionFails("this must be at least 1", frame.label(id)))
      }
      if let best = checkpoint.best { _ = try tensor(best.metric, &frame) }
    case .clip(let what, let id):
      guard ["norm", "value"].contains(what.text) else {
        throw Failure(
          .unknownOption(
            what.text, of: "clip", nearest(to: what.text, among: ["norm", "value"]),
            frame.label(what.span)))
      }
      if let limit = try tensor(id, &frame).known, limit <= 0 {
        throw Failure(
          .conditionFails("a limit of \(NumberText.of(limit)) leaves no gradient", frame.label(id)))
      }
    case .when(let trigger, let body):
      try check(trigger, &frame)
      try walkAgain(body, of: train, frame)
    case .stop(let trigger, let restoresBest):
      try check(trigger, &frame)
      if restoresBest, !train.keepsBest {
        throw Failure(.nothingToRestore(frame.label(clause.span)))
      }
    case .precision(let format, let keep, let names):
      frame.precision = try precision(format, keep: keep, for: names, frame)
    case .onNaN(let body):
      var inner = frame.inner()
      var result: Value = .none
      _ = try walk(body, &inner, result: &result)
    }
  }

  /// Checks the body of a clause that a training comes back to, or never comes to.
  private func walkAgain(_ body: Block, of train: TrainDeclaration, _ frame: Frame) throws {
    var around = frame
    try joinTurns(body.assignedNames(in: frame.tree), train.source, &around) { around in
      var inner = around.inner()
      var result: Value = .none
      _ = try walk(body, &inner, result: &result)
      return true
    }
  }

  /// Checks what a training records once and replays for each batch.
  func recorded<Result>(_ walk: () throws -> Result) rethrows -> Result {
    let outer = walksStep
    walksStep = true
    defer { walksStep = outer }
    return try walk()
  }

  private func check(_ trigger: Trigger, _ frame: inout Frame) throws {
    switch trigger {
    case .condition(let id):
      if case .bool = try value(id, &frame) { return }
      guard try tensor(id, &frame).type == TensorType(.bool, []) else {
        throw Failure(.notACondition(try value(id, &frame).sort, frame.label(id)))
      }
    case .stalls(let id, let count, let unit, let by):
      let metric = try tensor(id, &frame)
      guard metric.isScalar else { throw Failure(.logsTensor(metric.type, frame.label(id))) }
      _ = try int(count, &frame)
      if let by { _ = try tensor(by, &frame) }
      guard ["step", "steps", "epoch", "epochs"].contains(unit.text) else {
        throw Failure(.unknownUnit(unit.text, frame.label(unit.span)))
      }
    }
  }

  private func check(
    _ split: DataSplit, _ body: Block, at source: ExpressionID, _ frame: inout Frame
  ) throws {
    if let learned = frame.train?["train source"], case .split(let own) = learned.value,
      own.dataset === split.dataset, own.name == split.name, split.dataset.counts.count > 1
    {
      let others = split.dataset.counts.map(\.split).filter { $0 != split.name }
      warn(
        .evaluatesOnTraining(
          frame.tree.text(source), others.map { "\(split.dataset.name).\($0)" },
          frame.label(source)))
    }
    let outer = logged
    logged = []
    defer { logged = outer }
    // What a failing body would have logged is not asked about again.
    publish(.failed, of: split, in: frame)
    let rows = batchRows
    batchRows = min(DataSplit.evaluationRows, split.rows)
    defer { batchRows = rows }
    var inner = try batch(of: split, rows: nil, in: frame, isTraining: false) { _ in nil }
    var result: Value = .none
    do {
      _ = try recorded { try walk(body, &inner, result: &result) }
    } catch let failure as Failure {
      // What is wrong with a call in the steps is so in the evaluation too.
      throw isTold(failure) ? Failure(nil) : failure
    }
    publish(.record(logged.map { ($0.name, .tensor(.openNumber)) }), of: split, in: frame)
  }

  private func check(_ minimize: Minimize, _ frame: inout Frame) throws {
    let objective = try objective(minimize, &frame)
    if minimize.name == nil {
      let terms = try terms(of: objective, at: minimize.objective, &frame)
      frame.train?.define("loss.terms", .record(terms.map { ($0.name, .tensor(.openNumber)) }))
    }
    try checkExceptions(of: objective, frame)
    try checkReach(of: objective, minimize, frame)
    if let name = minimize.name {
      guard updateNames[name.text].map({ $0 == minimize.objective }) ?? true else {
        throw Failure(.updatesTwice(name.text, frame.label(name.span)))
      }
      updateNames[name.text] = minimize.objective
    }
    guard let module = objective.modules.first, let first = module.parameters.first else { return }
    defer { publish(minimize, objective, frame) }
    if objective.optimizer.declaration.isForAll {
      let parameters = objective.modules.flatMap(\.parameters).map {
        (path: $0.path, value: TensorValue($0.type))
      }
      return try updateAll(
        objective, minimize, parameters, parameters.map(\.value), statePath: "check", in: frame)
    }
    let parameter = TensorValue(first.type)
    try update(
      objective.optimizer, parameter: parameter, gradient: parameter, path: first.path,
      statePath: "check.\(first.path)", at: minimize.optimizer, in: frame)
  }

  /// Whether the same is said of another place already.
  private func isTold(_ failure: Failure) -> Bool {
    guard let diagnostic = failure.diagnostic else { return false }
    return diagnostics.contains { $0.code == diagnostic.code && $0.message == diagnostic.message }
  }

  /// Makes what a `minimize` is called known to the clauses of the block.
  private func publish(_ minimize: Minimize, _ objective: Objective, _ frame: Frame) {
    let statics = objective.optimizer.statics.map { (name: $0.key, value: $0.value) }
    let own: [(name: String, value: Value)] =
      minimize.name == nil ? [] : [("loss", .tensor(.openNumber))]
    frame.train?.define(
      minimize.name?.text ?? Minimize.usualName, .record(own + statics), isVariable: true)
  }
}

extension Evaluator {
  /// Reports names behind `except` that no parameter has.
  private func checkExceptions(of objective: Objective, _ frame: Frame) throws {
    let paths = objective.modules.flatMap(\.parameters).map(\.path)
    for pattern in objective.optimizer.exceptions.flatMap(\.exception.patterns)
    where !paths.contains(where: { $0.matches(pattern.text) }) {
      let words = paths.compactMap { $0.split(separator: ".").last.map(String.init) }
      throw Failure(
        .exceptsNothing(
          pattern.text, nearest(to: pattern.text, among: words), frame.label(pattern.span)))
    }
  }
}

extension TrainDeclaration {
  /// Whether a checkpoint keeps the best.
  fileprivate var keepsBest: Bool {
    clauses.contains { clause in
      if case .checkpoint(let checkpoint) = clause.kind { checkpoint.best != nil } else { false }
    }
  }
}

extension TensorValue {
  /// A real number that only a run knows.
  package static var openNumber: TensorValue { TensorValue(TensorType(.real, [])) }
}

extension Clause {
  /// Whether a run has the rows of a batch at hand there; the other clauses stand between two steps.
  fileprivate var seesRows: Bool {
    switch kind {
    case .minimize, .update, .step, .clip, .precision: true
    case .batch, .epochs, .steps, .seed, .accumulate, .every, .when, .stop, .checkpoint, .onNaN:
      false
    }
  }

  /// Its word, where a training has at most one of it.
  fileprivate var onlyOnce: String? {
    switch kind {
    case .batch: "batch"
    case .epochs: "epochs"
    case .steps: "steps"
    case .seed: "seed"
    case .accumulate: "accumulate"
    case .precision: "precision"
    case .onNaN: "on nan"
    case .minimize, .update, .step, .every, .when, .stop, .checkpoint, .clip: nil
    }
  }

  /// Names that later clauses know if it is right.
  fileprivate var names: [String] {
    switch kind {
    case .minimize(let minimize): [minimize.name?.text].compactMap { $0 }
    case .step(let body): body.boundNames
    default: []
    }
  }
}

extension Block {
  /// Names that its statements, and those inside them, define.
  var boundNames: [String] {
    statements.flatMap { statement -> [String] in
      switch statement.kind {
      case .bind(let bindings, _): bindings.flatMap(\.pattern.names)
      case .minimize(let minimize): [minimize.name?.text].compactMap { $0 }
      case .repeatLoop(_, _, let body), .forIn(_, _, let body), .whileLoop(_, let body):
        body.boundNames
      case .ifElse(let choice): choice.then.boundNames + (choice.otherwise?.boundNames ?? [])
      default: []
      }
    }
  }
}

extension Statement.Kind {
  /// What a statement that changes parameters is called; `nil` for others.
  fileprivate var updateWord: String? {
    switch self {
    case .minimize: "minimize"
    case .update: "update"
    default: nil
    }
  }
}
