import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor

extension Graph {
  /// The same values without loops: their bodies recorded again for each place.
  ///
  /// - Returns: a graph, and `wanted` in it.
  func unrolled(_ wanted: [NodeID]) throws -> (Graph, [NodeID]) {
    var result = Graph()
    var places: [NodeID] = []
    var parts: [Int: [NodeID]] = [:]
    for (index, node) in nodes.enumerated() {
      switch node.source {
      case .variable, .apply, .input:
        places.append(
          result.copy(node, operands: node.operands.map { places[Int($0.index)] }))
      case .loop(let loop, let operands):
        parts[index] = try result.unroll(loop, operands.map { places[Int($0.index)] })
        places.append(result.constant(0))
      case .part(let loop, let part): places.append(parts[Int(loop.index)]?[part] ?? loop)
      }
    }
    return (result, wanted.map { places[Int($0.index)] })
  }

  /// The parts of a loop: carried values after the last place, their histories, emissions.
  private mutating func unroll(_ loop: Loop, _ operands: [NodeID]) throws -> [NodeID] {
    let count = loop.carriedCount
    var carried = zip(loop.roles, operands).filter { $0.0 == .carried }.map(\.1)
    var histories = carried.map { [$0] }
    var emissions = loop.body.outputs.dropFirst(count).map { _ in [NodeID]() }
    for step in 0..<loop.length {
      let place = loop.isReversed ? loop.length - 1 - step : step
      let outputs = try outputs(of: loop, operands, carried, at: place)
      carried = Array(outputs.prefix(count))
      for (index, value) in carried.enumerated() { histories[index].append(value) }
      for (index, value) in outputs.dropFirst(count).enumerated() { emissions[index].append(value) }
    }
    let inOrder = (histories + emissions).map { loop.isReversed ? $0.reversed() : $0 }
    return carried + (try inOrder.map { try stacked($0) })
  }

  private mutating func outputs(
    of loop: Loop, _ operands: [NodeID], _ carried: [NodeID], at place: Int
  ) throws -> [NodeID] {
    var carried = carried[...]
    let inputs = try zip(loop.roles, operands).map { role, operand -> NodeID in
      switch role {
      case .carried: carried.removeFirst()
      case .element: try element(place, of: operand)
      case .captured: operand
      }
    }
    return loop.body.outputs(in: &self, inputs)
  }

  /// One place along the first axis.
  package mutating func element(_ place: Int, of node: NodeID) throws -> NodeID {
    let dims = self[node].shape.dims
    let zeros = [Dim](repeating: 0, count: dims.count - 1)
    let cut = try apply(
      named("slice"), to: [node],
      [
        "starts": .dims([Dim(place)] + zeros),
        "dims": .dims([1] + dims.dropFirst().map { Dim($0) }),
        "steps": .dims(dims.map { _ in 1 }),
      ])
    return try apply(
      named("reinterpret"), to: [cut], ["dims": .dims(dims.dropFirst().map { Dim($0) })])
  }

  /// Values of one shape along a new first axis.
  package mutating func stacked(_ values: [NodeID]) throws -> NodeID {
    let rows = try values.map { value in
      try apply(
        named("reinterpret"), to: [value],
        ["dims": .dims([1] + self[value].shape.dims.map { Dim($0) })])
    }
    return try apply(named("concatenate"), to: rows, ["axis": .axes([0])])
  }

  /// The outputs of this graph, the body of a loop, recorded in `graph` on `inputs`.
  package func outputs(in graph: inout Graph, _ inputs: [NodeID]) -> [NodeID] {
    var places: [NodeID] = []
    for node in nodes {
      if case .input(let number) = node.source {
        places.append(inputs[number])
      } else {
        places.append(graph.copy(node, operands: node.operands.map { places[Int($0.index)] }))
      }
    }
    return outputs.map { places[Int($0.index)] }
  }

  private func named(_ name: String) -> Operator {
    guard let op = Operator.named(name) else { preconditionFailure("there is no `\(name)`") }
    return op
  }
}
