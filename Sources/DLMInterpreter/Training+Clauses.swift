import DLMData
import DLMFrontend
import DLMGraph
import DLMShapes
import DLMSyntax
import DLMTensor

/// What `stalls` remembers.
struct Stall: Hashable {
  var best: Double
  /// How often the metric has not become better since.
  var count = 0
}

// Clauses that a training comes back to: `every`, `when`, `stop`.
extension Training {
  /// Walks the body of a clause with what the last step has left; a batch is at hand after steps only.
  func walk(_ block: Block, isPerEpoch: Bool, _ batch: Batch?) throws {
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
    try evaluator.step(turn: "@\(position.step).\(block.span.start)") {
      try defineResults()
      var result: Value = .none
      evaluator.logged = []
      var body = inner.inner()
      for statement in block.statements {
        try evaluator.walk(statement, &body, result: &result)
      }
      let metrics = try evaluator.logged.map {
        RunEvent.Metric(name: $0.name, value: try evaluator.read($0.value)?.first ?? .nan)
      }
      if !metrics.isEmpty {
        session.send(.logged(position, metrics, isPerEpoch: isPerEpoch))
      }
    }
    adoptRates()
    if evaluator.frozen != frozen { steps = [:] }
    try machine.beginTraining()
  }

  /// What the block knows outside its steps: `loss`, `test.acc`, `opt.lr`.
  func results(into scope: Scope) throws {
    try defineResults()
    scope.replace(with: frame.train?.own ?? [:])
  }

  /// Takes over the rates that somebody has set in `scope`.
  ///
  /// - Throws: `MachineError` for a value that the optimizer does not take.
  func adoptRates(from scope: Scope) throws {
    for (name, optimizer) in made {
      guard case .record(var fields)? = scope.own[name]?.value,
        case .record(let before)? = frame.train?[name]?.value
      else { continue }
      var statics = optimizers[name] ?? [:]
      for (index, (rate, value)) in fields.enumerated() where rate != "loss" {
        let old = before.first { $0.name == rate }?.value
        guard let old, !value.isSameSetting(as: old) else { continue }
        guard case .tensor = old else {
          throw MachineError(
            "`\(name).\(rate)` stays as it is while a training stands",
            help: "change it in the program; `:run` starts the training anew")
        }
        guard let number = value.number else {
          throw MachineError("`\(name).\(rate)` takes a number, not \(value.sort)")
        }
        fields[index].value = .number(number)
        statics[rate] = .number(number)
      }
      if let unmet = try evaluator.unmet(optimizer, with: statics) {
        throw MachineError("`\(name)` does not take this: \(unmet)")
      }
      frame.train?.define(name, .record(fields), isVariable: true)
    }
    adoptRates()
  }

  /// Records steps and evaluations anew: a layer or a rate that they were recorded with has changed.
  func forgetRecorded() { (steps, evaluations) = ([:], [:]) }

  /// Puts the numbers of the last step into the scope of the block.
  private func defineResults() throws {
    var records = optimizers.mapValues { statics in
      statics.map { (name: $0.key, value: $0.value) }
    }
    for (name, changed) in rates {
      for (rate, value) in changed {
        records[name]?.removeAll { $0.name == rate }
        records[name]?.append((rate, .number(value)))
      }
    }
    for (name, variable) in results {
      let last = name.lastIndex(of: ".")
      let parts =
        [String(name[..<(last ?? name.endIndex)])]
        + (last.map { [String(name[name.index(after: $0)...])] } ?? [])
      let value = Value.number(variable.tensor[0])
      if parts.count == 1 {
        frame.train?.define(name, value)
      } else {
        // What a schedule gives is a number of the step, and known only from there.
        records[parts[0]]?.removeAll { $0.name == parts[1] }
        records[parts[0], default: []].append((parts[1], value))
      }
    }
    for (name, fields) in records {
      frame.train?.define(name, .record(fields), isVariable: true)
    }
    frame.train?.define("step", .int(Dim(position.step)))
    frame.train?.define("epoch", .int(Dim(position.epoch)))
  }

  /// Takes over the rates that a clause has set; the steps are recorded anew with them.
  private func adoptRates() {
    for (name, statics) in optimizers {
      guard case .record(let fields)? = frame.train?[name]?.value else { continue }
      for (rate, value) in fields where rate != "loss" {
        guard case .tensor(let tensor) = value, let number = tensor.known else { continue }
        let before: Double? =
          if let changed = rates[name]?[rate] {
            changed
          } else if case .tensor(let old)? = statics[rate] {
            old.known
          } else {
            nil
          }
        let scheduled = results.first { $0.name == "\(name).\(rate)" }?.variable.tensor[0]
        if let scheduled, before == nil, scheduled != 0 {
          guard number != scheduled else { continue }
          factors[name, default: [:]][rate, default: 1] *= number / scheduled
          steps = [:]
        } else if number != before {
          rates[name, default: [:]][rate] = number
          steps = [:]
        }
      }
    }
  }

  /// Looks at `when` and `stop` clauses, and does what those say whose time has come.
  func pull(_ triggers: [TrainingClauses.Triggered]) throws {
    for triggered in triggers {
      try defineResults()
      guard try fires(triggered) else { continue }
      switch triggered.action {
      case .walk(let body): try walk(body, isPerEpoch: triggered.isPerEpoch, nil)
      case .stop(let restoresBest):
        (isFinished, isStopped) = (true, true)
        wantsBest = restoresBest
      }
    }
  }

  private func fires(_ triggered: TrainingClauses.Triggered) throws -> Bool {
    switch triggered.trigger {
    case .condition(let id):
      return isFound(id) ? try evaluator.condition(id, &frame) ?? false : false
    case .stalls(let id, let count, _, let by):
      guard isFound(id), let value = try evaluator.read(evaluator.tensor(id, &frame))?.first else {
        return false
      }
      let name = frame.tree.text(id)
      let isLess = lossMetrics.contains(name)
      let margin = try by.flatMap { try evaluator.read(evaluator.tensor($0, &frame))?.first } ?? 0
      let limit = try evaluator.constant(try evaluator.int(count, &frame), count, frame)
      guard var stall = stalls[triggered.number] else {
        stalls[triggered.number] = Stall(best: value)
        return false
      }
      if isLess ? value < stall.best - margin : value > stall.best + margin {
        stall = Stall(best: value)
      } else {
        stall.count += 1
      }
      let fires = stall.count >= limit
      // The next time is counted from here.
      if fires { stall.count = 0 }
      stalls[triggered.number] = stall
      return fires
    }
  }
}

extension Value {
  /// The number that a setting is, whole or real.
  fileprivate var number: Double? {
    switch self {
    case .int(let dim): dim.constant.map(Double.init)
    case .tensor(let tensor) where tensor.type.kind != .bool: tensor.known
    default: nil
    }
  }

  fileprivate func isSameSetting(as other: Value) -> Bool {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.tensor(let a), .tensor(let b)): a.known == b.known && a.handle === b.handle
    case (.int(let a), .int(let b)): a == b
    // What else a setting may be, no text can compare.
    case (.list, .list), (.tuple, .tuple), (.function, .function), (.none, .none): true
    default: false
    }
  }
}
