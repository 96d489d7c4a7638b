import DLMOperators
import DLMTensor

extension Graph {
  /// `result`, for whose gradient everything that was recorded since `start` is recorded again: a run
  /// keeps none of it in between, only what it was computed from.
  ///
  /// - Parameter stream: a name that no other part has; results of one part share it, and their second
  ///   computation.
  /// - Source: Chen, Xu, Zhang and Guestrin 2016, https://arxiv.org/abs/1604.06174
  package mutating func recomputed(_ result: NodeID, since start: Int, stream: UInt64)
    throws(InferenceFailure) -> NodeID
  {
    let part = RecordedPart(of: result, since: start, in: self)
    let inputs = part.inputs
    guard !part.nodes.isEmpty, !inputs.isEmpty else { return result }
    return value(
      result, of: inputs,
      GradientRule { graph, dy, operands in
        let fresh = try operands.map {
          try graph.apply(.renewed, to: [$0], ["stream": .stream(stream)])
        }
        let again = part.record(on: fresh, in: &graph)
        return try graph.gradient(of: again, withRespectTo: fresh, seed: dy)
      })
  }
}

/// Some nodes of a graph, apart from the places that they had there.
private struct RecordedPart: Sendable {
  private enum Place: Sendable {
    case input(Int)
    case node(Int)
  }

  /// What the nodes read from before, variables among it.
  let inputs: [NodeID]
  /// In order; the last is the result.
  private(set) var nodes: [Node] = []
  private var operands: [[Place]] = []

  /// What `result` needs of the nodes from `start` on.
  init(of result: NodeID, since start: Int, in graph: Graph) {
    var isNeeded = [Bool](repeating: false, count: Int(result.index) + 1)
    isNeeded[Int(result.index)] = true
    var places: [NodeID: Place] = [:]
    var inputs: [NodeID] = []
    for index in isNeeded.indices.reversed() where isNeeded[index] {
      let node = NodeID(index)
      if index < start || graph[node].isVariable {
        places[node] = .input(inputs.count)
        inputs.append(node)
        continue
      }
      for operand in graph[node].operands { isNeeded[Int(operand.index)] = true }
    }
    for index in isNeeded.indices where isNeeded[index] && places[NodeID(index)] == nil {
      let node = graph.nodes[index]
      operands.append(node.operands.compactMap { places[$0] })
      places[NodeID(index)] = .node(nodes.count)
      nodes.append(node)
    }
    self.inputs = inputs
  }

  /// The result, recorded on other inputs.
  func record(on inputs: [NodeID], in graph: inout Graph) -> NodeID {
    var made: [NodeID] = []
    for (node, places) in zip(nodes, operands) {
      let operands = places.map { place in
        switch place {
        case .input(let index): inputs[index]
        case .node(let index): made[index]
        }
      }
      made.append(graph.copy(node, operands: operands))
    }
    return made[made.count - 1]
  }
}

extension Node {
  fileprivate var isVariable: Bool {
    if case .variable = source { true } else { false }
  }
}
