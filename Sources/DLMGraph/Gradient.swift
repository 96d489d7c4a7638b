import DLMOperators
import DLMTensor

extension Graph {
  /// Gradients of `result` in each of `targets`, recorded in the same graph: reverse-mode
  /// differentiation, by the gradient that each operator declares.
  ///
  /// What `result` does not depend on, or only through operators without a gradient, gets zeros. No
  /// gradient is recorded for nodes that lead to no target. Recorded with the same operators, a
  /// gradient can be differentiated again.
  ///
  /// - Parameters:
  ///   - result: a scalar; a tensor of any shape if there is a `seed`.
  ///   - seed: gradient of what comes after `result`, of its shape; 1 if it is not given.
  /// - Returns: one node for each target, of its shape and element type.
  /// - Throws: `DifferentiationError`.
  package mutating func gradient(
    of result: NodeID, withRespectTo targets: [NodeID], seed: NodeID? = nil
  ) throws(DifferentiationError) -> [NodeID] {
    let node = self[result]
    guard node.elementType.isFloatingPoint else { throw .notReal(node.elementType) }
    if let seed {
      guard self[seed].shape == node.shape else { throw .wrongSeed(self[seed].shape, node.shape) }
    } else {
      guard node.shape.rank == 0 else { throw .notScalar(node.shape) }
    }
    let leads = nodesLeading(from: targets, through: Int(result.index))
    var gradients: [Int: NodeID] = [:]
    if leads[Int(result.index)] {
      gradients[Int(result.index)] = seed ?? constant(1, [], node.elementType)
    }
    for index in stride(from: Int(result.index), through: 0, by: -1) {
      guard leads[index], let dy = gradients[index],
        case .apply(let op, let operands, let attributes) = nodes[index].source
      else { continue }
      if let rule = nodes[index].rule {
        let parts = try written(rule, dy)
        for (part, operand) in zip(parts, operands.dropFirst()) where leads[Int(operand.index)] {
          try add(part, of: op, at: 0, to: operand, in: &gradients)
        }
        continue
      }
      for (position, operand) in operands.enumerated() where leads[Int(operand.index)] {
        guard let formula = op.gradient(ofOperandAt: position) else { continue }
        var evaluation = GradientEvaluation(
          op: op, operands: operands, position: position, attributes: attributes,
          y: NodeID(index: Int32(index)), dy: dy)
        let part = try evaluation.node(formula, in: &self)
        try add(part, of: op, at: position, to: operand, in: &gradients)
      }
    }
    return targets.map { target in
      gradients[Int(target.index)] ?? constant(0, self[target].shape, self[target].elementType)
    }
  }

  /// Adds `part`, the gradient of one operand of `op`, to what is known of it.
  private mutating func add(
    _ part: NodeID, of op: Operator, at position: Int, to operand: NodeID,
    in gradients: inout [Int: NodeID]
  ) throws(DifferentiationError) {
    guard self[part].shape == self[operand].shape else {
      throw .wrongShape(op: op.name, operand: position, self[part].shape, self[operand].shape)
    }
    var sum = part
    try recording(op.name) { (graph) throws(InferenceFailure) in
      sum = try graph.cast(part, to: graph[operand].elementType)
      if let known = gradients[Int(operand.index)] {
        sum = try graph.apply(.add, to: [known, sum])
      }
    }
    gradients[Int(operand.index)] = sum
  }

  /// The gradients that the program writes.
  private mutating func written(_ rule: GradientRule, _ dy: NodeID) throws(DifferentiationError)
    -> [NodeID]
  {
    do { return try rule.gradients(&self, dy) } catch { throw .rule("\(error)") }
  }

  /// Whether each node up to `last` depends on one of `targets` in a way that has a gradient.
  private func nodesLeading(from targets: [NodeID], through last: Int) -> [Bool] {
    var leads = [Bool](repeating: false, count: last + 1)
    for target in targets where target.index <= last { leads[Int(target.index)] = true }
    for index in 0...last where !leads[index] {
      guard case .apply(let op, let operands, _) = nodes[index].source,
        nodes[index].elementType.isFloatingPoint
      else { continue }
      let isWritten = nodes[index].rule != nil
      leads[index] = operands.enumerated().contains { position, operand in
        leads[Int(operand.index)] && self[operand].elementType.isFloatingPoint
          && (isWritten ? position > 0 : op.gradient(ofOperandAt: position) != nil)
      }
    }
    return leads
  }

  /// Records on behalf of the gradient of `op`.
  private mutating func recording(
    _ op: String, _ body: (inout Graph) throws(InferenceFailure) -> Void
  ) throws(DifferentiationError) {
    do { try body(&self) } catch { throw .gradient(op: op, error) }
  }
}

/// Why there is no gradient.
package enum DifferentiationError: Error, Hashable {
  /// Only of a scalar there is a gradient.
  case notScalar(Shape)
  /// Whole numbers and booleans have none.
  case notReal(ElementType)
  /// The seed has the first shape, not the second.
  case wrongSeed(Shape, Shape)
  /// The declared gradient of an operator fails: a mistake in its declaration.
  case gradient(op: String, InferenceFailure)
  /// The declared gradient uses a name, or a value in a place, that it cannot.
  case formula(op: String, reason: String)
  /// A gradient that the program writes cannot be recorded.
  case rule(String)
  /// The declared gradient has the first shape, not that of the operand.
  case wrongShape(op: String, operand: Int, Shape, Shape)
}
