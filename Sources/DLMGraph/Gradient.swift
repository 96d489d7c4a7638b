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
    let start = seed ?? constant(1, [], node.elementType)
    return try gradients(of: [(result, start)], withRespectTo: targets)
  }

  /// Gradients in `targets` where those of some results are given, which are of their shapes.
  mutating func gradients(
    of results: [(node: NodeID, seed: NodeID)], withRespectTo targets: [NodeID]
  ) throws(DifferentiationError) -> [NodeID] {
    let last = results.map { Int($0.node.index) }.max() ?? -1
    let leads = nodesLeading(from: targets, through: last)
    var gradients: [Int: NodeID] = [:]
    // Of each loop, the gradients of its parts.
    var parts: [Int: [Int: NodeID]] = [:]
    for (result, seed) in results where leads[Int(result.index)] {
      try add(seed, to: result, in: &gradients)
    }
    let outer = line
    defer { line = outer }
    for index in stride(from: last, through: 0, by: -1) where leads[index] {
      line = nodes[index].line
      switch nodes[index].source {
      case .variable, .input: break
      case .part(let loop, let part):
        guard let dy = gradients[index] else { continue }
        // Several nodes may read one part.
        var sum = dy
        if let known = parts[Int(loop.index)]?[part] {
          sum = try recording("scan") { (graph) throws(InferenceFailure) in
            try graph.apply(.add, to: [known, dy])
          }
        }
        parts[Int(loop.index), default: [:]][part] = sum
      case .loop(_, let operands):
        guard let known = parts[index] else { continue }
        let all = try recording("scan") { (graph) throws(InferenceFailure) in
          try graph.loopGradients(NodeID(index), known, leads)
        }
        for (operand, part) in zip(operands, all) {
          if let part { try add(part, of: "scan", at: 0, to: operand, in: &gradients) }
        }
      case .apply(let op, let operands, let attributes):
        guard let dy = gradients[index] else { continue }
        if let rule = nodes[index].rule {
          let parts = try written(rule, dy, Array(operands.dropFirst()))
          for (part, operand) in zip(parts, operands.dropFirst()) where leads[Int(operand.index)] {
            try add(part, of: op.name, at: 0, to: operand, in: &gradients)
          }
          continue
        }
        for (position, operand) in operands.enumerated() where leads[Int(operand.index)] {
          guard let formula = op.gradient(ofOperandAt: position) else { continue }
          var evaluation = GradientEvaluation(
            op: op, operands: operands, position: position, attributes: attributes,
            y: NodeID(index: Int32(index)), dy: dy)
          let part = try evaluation.node(formula, in: &self)
          try add(part, of: op.name, at: position, to: operand, in: &gradients)
        }
      }
    }
    return targets.map { target in
      gradients[Int(target.index)] ?? constant(0, self[target].shape, self[target].elementType)
    }
  }

  /// Adds `part`, the gradient of one operand of `op`, to what is known of it.
  private mutating func add(
    _ part: NodeID, of op: String = "", at position: Int = 0, to operand: NodeID,
    in gradients: inout [Int: NodeID]
  ) throws(DifferentiationError) {
    guard self[part].shape == self[operand].shape else {
      throw .wrongShape(op: op, operand: position, self[part].shape, self[operand].shape)
    }
    var sum = part
    try recording(op) { (graph) throws(InferenceFailure) in
      sum = try graph.cast(part, to: graph[operand].elementType)
      if let known = gradients[Int(operand.index)] {
        sum = try graph.apply(.add, to: [known, sum])
      }
    }
    gradients[Int(operand.index)] = sum
  }

  /// The gradients that the program writes.
  private mutating func written(_ rule: GradientRule, _ dy: NodeID, _ operands: [NodeID])
    throws(DifferentiationError) -> [NodeID]
  {
    do { return try rule.gradients(&self, dy, operands) } catch { throw .rule("\(error)") }
  }

  /// Whether each node up to `last` depends on one of `targets` in a way that has a gradient.
  private func nodesLeading(from targets: [NodeID], through last: Int) -> [Bool] {
    var leads = [Bool](repeating: false, count: last + 1)
    for target in targets where target.index <= last { leads[Int(target.index)] = true }
    for index in nodes.indices.prefix(last + 1) where !leads[index] {
      guard nodes[index].elementType.isFloatingPoint else { continue }
      guard case .apply(let op, let operands, _) = nodes[index].source else {
        leads[index] = nodes[index].operands.contains {
          leads[Int($0.index)] && self[$0].elementType.isFloatingPoint
        }
        continue
      }
      let isWritten = nodes[index].rule != nil
      leads[index] = operands.enumerated().contains { position, operand in
        leads[Int(operand.index)] && self[operand].elementType.isFloatingPoint
          && (isWritten ? position > 0 : op.gradient(ofOperandAt: position) != nil)
      }
    }
    return leads
  }

  /// Records on behalf of the gradient of `op`.
  private mutating func recording<Value>(
    _ op: String, _ body: (inout Graph) throws(InferenceFailure) -> Value
  ) throws(DifferentiationError) -> Value {
    do { return try body(&self) } catch { throw .gradient(op: op, error) }
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
