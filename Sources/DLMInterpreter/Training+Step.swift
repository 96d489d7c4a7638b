import DLMFrontend
import DLMGraph
import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

/// What steps that are recorded apart differ in.
struct StepKey: Hashable {
  var rows: Int
  /// Whether it updates, or only adds to gradients that a later one updates with.
  var updates: Bool
}

// The step: what a run replays.
extension Training {
  /// The step for batches of one size, recorded the first time.
  func recorded(_ key: StepKey) throws -> RecordedStep {
    if let known = steps[key] { return known }
    updatesParameters = key.updates
    frozen = evaluator.frozen
    let step = try machine.record(
      split, of: dataset, rows: key.rows, with: evaluator, in: frame, isTraining: false,
      checking: { try checkMemory($0, rows: key.rows) }
    ) { inner in
      try recordStep(&inner)
      if session.options.showsRecording {
        session.send(.recorded(.gradient, machine.recorded.dump()))
      }
    }
    if session.options.showsRecording { session.send(.recorded(.plan, step.plan.dump())) }
    steps[key] = step
    return step
  }

  /// Walks what a step does, with the clock and the fields of the batch in scope.
  func recordStep(_ inner: inout Frame) throws {
    for (name, variable) in [("step", clock.step), ("epoch", clock.epoch)] {
      inner.scope.define(
        name, .tensor(TensorValue(TensorType(.real, []), handle: machine.handle(of: variable))))
    }
    inner.scope = Scope(around: inner.scope)
    inner.isTraining = true
    for update in clauses.updates {
      switch update {
      case .minimize(let minimize): try self.minimize(minimize, in: &inner)
      case .update(let update):
        if updatesParameters { try evaluator.update(update, &inner) }
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

  /// Makes a number of the step readable when the step is over.
  @discardableResult
  private func leave(_ tensor: TensorValue, as name: String, _ frame: Frame) throws -> Variable {
    let variable: Variable
    if let known = results.first(where: { $0.name == name })?.variable {
      variable = known
    } else {
      variable = Variable(path: name, tensor: try Tensor(zeros: []))
      results.append((name, variable))
    }
    try machine.assign(try evaluator.handle(of: tensor, frame), to: variable)
    return variable
  }

  /// Records the update of a `minimize`.
  func minimize(_ minimize: Minimize, in frame: inout Frame) throws {
    var objective = try evaluator.objective(minimize, &frame)
    let name = minimize.name?.text
    let optimizerName = name ?? Minimize.usualName
    note(objective.optimizer, of: minimize, as: optimizerName)
    for (rate, value) in rates[optimizerName] ?? [:]
    where objective.optimizer.statics[rate] != nil {
      objective.optimizer.statics[rate] = .number(value)
    }
    if rates[optimizerName] != nil {
      let optimizer = objective.optimizer
      try checkRates(of: optimizer, with: optimizer.statics, at: minimize.optimizer)
    }
    let lossName = name.map { "\($0).loss" } ?? "loss"
    lossMetrics.insert(lossName)
    try leave(objective.loss, as: lossName, frame)
    try scale(&objective.optimizer.statics, of: optimizerName, at: minimize.optimizer, &frame)
    optimizers[optimizerName] = objective.optimizer.statics
    made[optimizerName] = objective.optimizer
    if name == nil {
      for (name, sum) in try evaluator.terms(of: objective, at: minimize.objective, &frame) {
        try leave(sum, as: "loss.terms.\(name)", frame)
      }
    }
    let loss = try evaluator.handle(of: objective.loss, frame)
    let parameters = objective.modules.flatMap(\.parameters).filter {
      evaluator.parameters[$0.path] != nil && !evaluator.isFrozen($0.path)
    }
    let handles = parameters.compactMap { evaluator.parameters[$0.path] }
    let owner = "\(declaration.name.text).\(name ?? "optimizer")"
    if session.options.showsRecording { session.send(.recorded(.graph, machine.recorded.dump())) }
    let raw = try machine.gradient(of: loss, withRespectTo: handles, seed: nil)
    var gradients = zip(handles, raw).map { handle, gradient in
      TensorValue(TensorType(.real, handle.dims.map { Dim($0) }), handle: gradient)
    }
    guard
      try accumulate(&gradients, parameters.map { "\(owner).\($0.path).sum" }, minimize, &frame)
    else { return }
    try clip(&gradients, at: minimize.objective, &frame)
    if objective.optimizer.declaration.isForAll {
      let values = zip(gradients, handles).map { TensorValue($0.type, handle: $1) }
      let named = zip(parameters, values).map { (path: $0.path, value: $1) }
      return try evaluator.updateAll(
        objective, minimize, named, gradients, statePath: owner, in: frame)
    }
    for (index, parameter) in parameters.enumerated() {
      try evaluator.update(
        objective.optimizer,
        parameter: TensorValue(gradients[index].type, handle: handles[index]),
        gradient: gradients[index], path: parameter.path,
        statePath: "\(owner).\(parameter.path)", at: minimize.optimizer, in: frame)
    }
  }

  /// Multiplies what schedules give by what clauses have made of it, and leaves the numbers of the step as
  /// `opt.lr`.
  private func scale(
    _ statics: inout [String: Value], of optimizer: String, at place: ExpressionID,
    _ frame: inout Frame
  ) throws {
    for (rate, value) in statics.sorted(by: { $0.key < $1.key }) {
      guard case .tensor(var scheduled) = value, scheduled.isScalar, scheduled.known == nil else {
        continue
      }
      if let factor = factors[optimizer]?[rate] {
        scheduled = try evaluator.combine(
          scheduled, .multiply, TensorValue(number: factor), at: place, &frame)
        statics[rate] = .tensor(scheduled)
      }
      let variable = try leave(scheduled, as: "\(optimizer).\(rate)", frame)
      if !self.scheduled.contains(where: { $0 === variable }) { self.scheduled.append(variable) }
    }
  }

  /// Adds gradients to those of the steps before; whether this step updates with their mean.
  private func accumulate(
    _ gradients: inout [TensorValue], _ paths: [String], _ minimize: Minimize,
    _ frame: inout Frame
  ) throws -> Bool {
    guard clauses.accumulated > 1 else { return true }
    let share = TensorValue(number: 1 / Double(clauses.accumulated))
    for (index, path) in paths.enumerated() {
      let gradient = gradients[index]
      let dims = gradient.type.dims.compactMap(\.constant)
      let zeros = { [machine] in
        try machine.apply(
          .constant, to: [], ["value": .real(0), "dims": .dims(gradient.type.dims)])
      }
      let sum = TensorValue(
        gradient.type,
        handle: try machine.variable(
          path, dims: dims, gradient.handle?.elementType, initial: zeros))
      let part = try evaluator.combine(
        gradient, .multiply, share, at: minimize.objective, &frame)
      gradients[index] = try evaluator.combine(sum, .add, part, at: minimize.objective, &frame)
      let kept =
        updatesParameters ? try zeros() : try evaluator.handle(of: gradients[index], frame)
      try machine.assign(kept, to: path)
    }
    return updatesParameters
  }

  /// `clip norm 1.0`: all gradients scaled so that their common length is at most that; `clip value`:
  /// each element moved into `-v...v`.
  ///
  /// - Source: Pascanu, Mikolov and Bengio 2013, https://arxiv.org/abs/1211.5063
  private func clip(
    _ gradients: inout [TensorValue], at place: ExpressionID, _ frame: inout Frame
  ) throws {
    guard let (what, id) = clauses.clip else { return }
    let limit = try evaluator.tensor(id, &frame)
    if what.text == "value" {
      let low = try evaluator.combine(
        TensorValue(number: 0), .subtract, limit, at: place, &frame)
      for index in gradients.indices {
        let most = try evaluator.apply(
          elementwise: "minimum", [gradients[index], limit], at: place, &frame)
        gradients[index] = try evaluator.apply(
          elementwise: "maximum", [most, low], at: place, &frame)
      }
      return
    }
    var squares = TensorValue(number: 0)
    for gradient in gradients {
      let square = try evaluator.combine(gradient, .multiply, gradient, at: place, &frame)
      let sum = try evaluator.apply(
        reduction: "sum", square, over: Array(square.type.dims.indices), at: place, &frame)
      squares = try evaluator.combine(squares, .add, sum, at: place, &frame)
    }
    let length = try evaluator.apply(elementwise: "sqrt", [squares], at: place, &frame)
    // The small number keeps a gradient of zeros from becoming 0/0.
    let ratio = try evaluator.combine(
      limit, .divide,
      try evaluator.combine(length, .add, TensorValue(number: 1e-6), at: place, &frame),
      at: place, &frame)
    let scale = try evaluator.apply(
      elementwise: "minimum", [ratio, TensorValue(number: 1)], at: place, &frame)
    for index in gradients.indices {
      gradients[index] = try evaluator.combine(
        gradients[index], .multiply, scale, at: place, &frame)
    }
  }
}
