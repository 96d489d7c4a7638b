import DLMShapes
import DLMSyntax

// What a `minimize` differentiates, with the terms that layers add to it.
extension Evaluator {
  /// What a `minimize` needs: the objective with its penalties, and the trained tensors of its modules.
  package struct Objective {
    package var loss: TensorValue
    /// The objective as it is written, without the penalties, and the loss that it calls.
    package var plain: TensorValue
    package var name: String
    package var terms: [Penalty]
    package var modules: [Instance]
    package var optimizer: OptimizerValue
    /// How many draws each layer had made before.
    var draws: [String: Int]
  }

  /// Evaluates the objective of a `minimize` in the training phase.
  ///
  /// Terms of layers that a step has applied before belong to the first `minimize` over those.
  package func objective(_ minimize: Minimize, _ frame: inout Frame) throws -> Objective {
    let earlier = penalties
    penalties = []
    let draws = drawCounts
    var inner = frame
    inner.isTraining = true
    var loss = try tensor(minimize.objective, &inner)
    guard loss.isScalar, loss.type.kind.isReal else {
      throw Failure(
        .objectiveNotScalar(loss.type, loss.origin, frame.label(minimize.objective), in: frame))
    }
    let (plain, own) = (loss, penalties)
    let modules = try minimize.modules.map { id in
      let value = try value(id, &frame)
      guard case .instance(let instance) = value else {
        throw Failure(.notAModule(frame.tree.text(id), value, frame.label(id)))
      }
      guard !instance.parameters.isEmpty else {
        throw Failure(.noParameters(instance.path, frame.label(id)))
      }
      return instance
    }
    let isOf = { (term: Penalty) in modules.contains { term.isOf($0) } }
    var terms = earlier.filter(isOf)
    for term in own {
      let isKnown = terms.contains { $0.name == term.name && $0.owner == term.owner }
      if !(term.isOfWeights && isKnown) { terms.append(term) }
    }
    penalties = earlier.filter { !isOf($0) }
    for term in terms { loss = try combine(loss, .add, term.value, at: minimize.objective, &inner) }
    guard case .optimizer(let optimizer) = try value(minimize.optimizer, &frame) else {
      throw Failure(
        .notAnOptimizer(frame.tree.text(minimize.optimizer), frame.label(minimize.optimizer)))
    }
    return Objective(
      loss: loss, plain: plain, name: frame.tree.calledName(minimize.objective) ?? "objective",
      terms: terms, modules: modules, optimizer: optimizer, draws: draws)
  }
}

extension Evaluator {
  /// What `loss.terms` has: the objective as it is written, and the sum of the terms of each name.
  package func terms(of objective: Objective, at id: ExpressionID, _ frame: inout Frame) throws
    -> [(name: String, value: TensorValue)]
  {
    var sums = [(name: objective.name, value: objective.plain)]
    for term in objective.terms {
      guard let index = sums.firstIndex(where: { $0.name == term.name }) else {
        sums.append((term.name, term.value))
        continue
      }
      sums[index].value = try combine(sums[index].value, .add, term.value, at: id, &frame)
    }
    return sums
  }
}

/// A term that a layer adds to the objective.
package struct Penalty {
  package var name: String
  package var value: TensorValue
  /// The path of the layer; `` for one outside of layers.
  var owner: String
  /// Whether it is of what the layer keeps, and so counts once however often the layer is applied.
  var isOfWeights = false

  /// Whether it is of `layer` or one inside it.
  func isOf(_ layer: Instance) -> Bool {
    owner == layer.path || owner.hasPrefix("\(layer.path).")
  }
}

extension Tree {
  /// The name of what a call calls, `mse` of `mse(net(x), y)`.
  fileprivate func calledName(_ id: ExpressionID) -> String? {
    guard case .call(let callee, _) = self[id], case .name(let name) = self[callee] else {
      return nil
    }
    return name
  }
}
