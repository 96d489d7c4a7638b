import DLMOperators
import DLMShapes
import DLMSyntax

/// What an optimizer for all parameters minimizes, as a function of one vector of them.
package final class ObjectiveFunction {
  private let evaluator: Evaluator
  private let minimize: Minimize
  private let parameters: [(path: String, value: TensorValue)]
  /// How many draws each layer had made before the objective was evaluated: every evaluation makes
  /// the same.
  private let draws: [String: Int]
  private let frame: Frame

  init(
    _ evaluator: Evaluator, _ minimize: Minimize,
    _ parameters: [(path: String, value: TensorValue)], draws: [String: Int], in frame: Frame
  ) {
    self.evaluator = evaluator
    self.minimize = minimize
    self.parameters = parameters
    self.draws = draws
    self.frame = frame
  }

  /// The objective with the parameters that `vector` has one after the other. State stays as it is.
  ///
  /// - Throws: `Failure` where the vector has another length.
  func value(at vector: TensorValue, _ id: ExpressionID, _ outer: inout Frame) throws -> TensorValue
  {
    let length = parameters.reduce(Dim(0)) { $0 + $1.value.type.dims.reduce(1, *) }
    guard vector.type.dims.count == 1,
      outer.facts.decide(.equal(vector.type.dims[0], length)) != .refuted
    else {
      let wanted = TensorType(.real, [length])
      throw Failure(
        .conditionFails(
          "the objective is a function of \(wanted), but gets \(vector.type)", outer.label(id)))
    }
    guard evaluator.machine != nil else {
      var number = TensorValue.openNumber
      number.reach = vector.reach
      return number
    }
    let parts = try evaluator.parted(vector, like: parameters.map(\.value), at: id, &outer)
    let kept = (
      evaluator.substituted, evaluator.drawCounts, evaluator.parameters, evaluator.penalties
    )
    defer {
      (evaluator.substituted, evaluator.drawCounts, evaluator.parameters, evaluator.penalties) =
        kept
    }
    evaluator.drawCounts = draws
    for (parameter, part) in zip(parameters, parts) {
      let own = parameter.value.type.element
      let value =
        part.type.element == own ? part : try evaluator.cast(part, to: own, at: id, &outer)
      evaluator.substituted[parameter.path] = try evaluator.handle(of: value, outer)
    }
    var inner = frame
    return try evaluator.objective(minimize, &inner).loss
  }
}

// Optimizers that get all parameters as one vector: `optimizer Newton() for all p, g, loss { ... }`.
extension Evaluator {
  /// Walks the body of such an optimizer and gives every parameter its part of the result.
  package func updateAll(
    _ objective: Objective, _ minimize: Minimize,
    _ parameters: [(path: String, value: TensorValue)], _ gradients: [TensorValue],
    statePath: String, in frame: Frame
  ) throws {
    let (optimizer, place) = (objective.optimizer, minimize.optimizer)
    let declaration = optimizer.declaration
    if let exception = optimizer.exceptions.first?.exception.patterns.first {
      throw Failure(.exceptOutside(frame.label(exception.span)))
    }
    var outer = frame
    let before = try joined(parameters.map(\.value), at: place, &outer)
    var inner = self.frame(
      of: optimizer, optimizer.statics, before, try joined(gradients, at: place, &outer),
      statePath: statePath, at: place, in: frame)
    if let name = declaration.objective {
      inner.scope.define(
        name.text,
        .objective(
          ObjectiveFunction(self, minimize, parameters, draws: objective.draws, in: frame)))
    }
    var result: Value = .none
    _ = try walk(declaration.body, &inner, result: &result)
    guard case .tensor(let after)? = inner.scope[declaration.parameter.text]?.value,
      after.type.dims.count == 1,
      frame.facts.decide(.equal(after.type.dims[0], before.type.dims[0])) != .refuted
    else {
      let words = inner.scope[declaration.parameter.text]?.value.sort ?? "nothing"
      throw Failure(
        .conditionFails(
          "\(declaration.name.text) must leave \(before.type) in"
            + " `\(declaration.parameter.text)`, not \(words)", frame.label(place)))
    }
    guard let machine else { return }
    let parts = try parted(after, like: parameters.map(\.value), at: place, &outer)
    for (parameter, part) in zip(parameters, parts) {
      try machine.assign(try handle(of: part, outer), to: parameter.path)
    }
  }

  /// Tensors one after the other as a vector.
  private func joined(_ tensors: [TensorValue], at id: ExpressionID, _ frame: inout Frame) throws
    -> TensorValue
  {
    let vectors = try tensors.map { tensor in
      let dims: Attribute = .dims([tensor.type.dims.reduce(1, *)])
      return try apply(.reshape, [tensor], ["dims": dims], at: id, &frame)
    }
    return try apply(operator: "concatenate", vectors, ["axis": .axes([0])], at: id, &frame)
  }

  /// A vector as tensors of the shapes of `models`.
  fileprivate func parted(
    _ vector: TensorValue, like models: [TensorValue], at id: ExpressionID, _ frame: inout Frame
  ) throws -> [TensorValue] {
    var start = Dim(0)
    return try models.map { model in
      let count = model.type.dims.reduce(1, *)
      let part = try slice(vector, along: 0, from: start, count: count, id, &frame)
      start = start + count
      return try apply(.reshape, [part], ["dims": .dims(model.type.dims)], at: id, &frame)
    }
  }
}
