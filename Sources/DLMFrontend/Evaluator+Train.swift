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
  ) rethrows -> Frame {
    var inner = frame.inner()
    let symbol = symbols.symbol("B")
    if let rows { inner.facts.assume(.equal(Dim(symbol), Dim(rows))) }
    inner.dims["B"] = .dim(Dim(symbol))
    inner.isTraining = isTraining
    for field in split.dataset.fields {
      let type = TensorType(field.type.kind, [Dim(symbol)] + field.type.dims)
      let origin = Origin(
        field.name, type, arithmetic: field.source, span: Span(0, 0))
      let tensor = TensorValue(type, handle: try handle(field), origin: origin)
      inner.scope.define(field.name, .tensor(tensor))
    }
    return inner
  }

  /// What a `minimize` needs: the objective with its penalties, and the trained tensors of its modules.
  package struct Objective {
    package var loss: TensorValue
    package var terms: [(name: String, value: TensorValue)]
    package var modules: [Instance]
    package var optimizer: OptimizerValue
  }

  /// Evaluates the objective of a `minimize` in the training phase.
  package func objective(_ minimize: Minimize, _ frame: inout Frame) throws -> Objective {
    penalties = []
    var inner = frame
    inner.isTraining = true
    var loss = try tensor(minimize.objective, &inner)
    guard loss.isScalar, loss.type.kind.isReal else {
      throw Failure(
        .objectiveNotScalar(loss.type, loss.origin, frame.label(minimize.objective), in: frame))
    }
    let terms = penalties
    for term in terms { loss = try combine(loss, .add, term.value, at: minimize.objective, &inner) }
    let modules = try minimize.modules.map { id in
      guard case .instance(let instance) = try value(id, &frame) else {
        throw Failure(.notAModule(frame.tree.text(id), frame.label(id)))
      }
      guard !instance.parameters.isEmpty else {
        throw Failure(.noParameters(instance.path, frame.label(id)))
      }
      return instance
    }
    guard case .optimizer(let optimizer) = try value(minimize.optimizer, &frame) else {
      throw Failure(
        .notAnOptimizer(frame.tree.text(minimize.optimizer), frame.label(minimize.optimizer)))
    }
    return Objective(loss: loss, terms: terms, modules: modules, optimizer: optimizer)
  }

  /// Walks the body of an optimizer for one parameter.
  ///
  /// - Parameters:
  ///   - path: of the parameter, `net.conv1.w`.
  ///   - statePath: below which its state lies.
  package func update(
    _ optimizer: OptimizerValue, parameter: TensorValue, gradient: TensorValue, path: String,
    statePath: String, in frame: Frame
  ) throws {
    let declaration = optimizer.declaration
    var inner = Frame(
      module: optimizer.module, scope: Scope(around: optimizer.module.globals), facts: frame.facts)
    inner.statePath = statePath
    inner.site = frame.label(frame.tree.items.isEmpty ? Span(0, 0) : declaration.name.span)
    for (name, value) in optimizer.statics { inner.scope.define(name, value) }
    inner.scope.define(declaration.parameter.text, .tensor(parameter), isVariable: true)
    inner.scope.define(declaration.gradient.text, .tensor(gradient))
    inner.states.append((declaration.parameter.text, path))
    var result: Value = .none
    _ = try walk(declaration.body, &inner, result: &result)
  }

  /// Forgets what a step has drawn and read, before the next is recorded.
  package func beginStep() {
    drawCounts = [:]
    parameters = [:]
    penalties = []
  }

  /// Walks every clause once, with the number of rows open.
  func check(_ train: TrainDeclaration, _ frame: inout Frame) throws {
    let split = try split(train.source, &frame)
    var inner = batch(of: split, rows: nil, in: frame, isTraining: false) { _ in nil }
    for word in ["loss", "step", "epoch"] { inner.scope.define(word, .tensor(.openNumber)) }
    for clause in train.clauses {
      do {
        try check(clause, &inner)
      } catch let failure as Failure {
        report(failure)
      }
    }
  }

  private func check(_ clause: Clause, _ frame: inout Frame) throws {
    switch clause.kind {
    case .batch(let id, _, _), .epochs(let id), .steps(let id), .seed(let id):
      let number = try int(id, &frame)
      if frame.facts.decide(.atLeast(number, 0)) == .refuted {
        throw Failure(.conditionFails("this must not be negative", frame.label(id)))
      }
    case .minimize(let minimize): try check(minimize, &frame)
    case .step(let body), .every(_, _, let body):
      for statement in body.statements { try check(statement, &frame) }
    case .checkpoint(let checkpoint): _ = try value(checkpoint.path, &frame)
    case .precision, .accumulate, .clip, .when, .stop, .onNaN:
      throw Failure(
        .notBuilt(frame.tree.file.string(clause.span).firstWord, frame.label(clause.span)))
    }
  }

  private func check(_ statement: Statement, _ frame: inout Frame) throws {
    switch statement.kind {
    case .minimize(let minimize): try check(minimize, &frame)
    case .logs(let logged):
      for (id, _) in logged { _ = try value(id, &frame) }
    case .eval(let source, let body):
      let split = try split(source, &frame)
      var inner = batch(of: split, rows: nil, in: frame, isTraining: false) { _ in nil }
      for statement in body.statements { try check(statement, &inner) }
    default:
      var result: Value = .none
      try walk(statement, &frame, result: &result)
    }
  }

  private func check(_ minimize: Minimize, _ frame: inout Frame) throws {
    let objective = try objective(minimize, &frame)
    guard let module = objective.modules.first, let first = module.parameters.first else { return }
    let parameter = TensorValue(first.type)
    try update(
      objective.optimizer, parameter: parameter, gradient: parameter, path: first.path,
      statePath: "check.\(first.path)", in: frame)
    if let name = minimize.name?.text { frame.scope.define(name, .none) }
  }
}

extension TensorValue {
  /// A real number that only a run knows.
  package static let openNumber = TensorValue(TensorType(.real, []))
}

extension String {
  fileprivate var firstWord: String { String(prefix { $0.isLetter }) }
}
