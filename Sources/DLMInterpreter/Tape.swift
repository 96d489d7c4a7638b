import DLMFrontend
import DLMGraph
import DLMTensor

/// What has been recorded and not forgotten: the graph behind the values of plain code, or one step.
///
/// Of plain code, whatever no value refers to any more is dropped when a run makes the values known,
/// but for the way from one that is still there to another: a gradient may yet be asked for along it, if
/// the program asks for gradients in the first at all.
class Tape {
  private struct Reference {
    weak var handle: Handle?
  }

  var graph = Graph()
  /// Nodes whose values a run has found already.
  private var known: [NodeID: Variable] = [:]
  private var references: [Reference] = []
  /// Whether gradients may be asked for in every value, not only in those that are targets.
  var hasAnyTarget = true

  /// The tape around all recurrences that are being recorded.
  var outermost: Tape { self }

  /// A value of the program that is the value of `node`.
  func handle(_ node: NodeID) -> Handle {
    let handle = Handle(
      dims: graph[node].shape.dims, graph[node].elementType, recording: self, place: Int(node.index)
    )
    references.append(Reference(handle: handle))
    return handle
  }

  /// The value of `node`, if it is a variable or has been found by a run.
  func variable(_ node: NodeID) -> Variable? {
    if case .variable(let variable) = graph[node].source { return variable }
    return known[node]
  }

  /// Finds the values of everything that the program still refers to.
  ///
  /// - Parameter run: runs a graph; gives the values of its outputs.
  func settle(_ run: (Graph) throws -> [Tensor]) throws {
    let uses = Uses(of: graph, by: references.compactMap(\.handle), hasAnyTarget: hasAnyTarget)
    let wanted = uses.wanted.filter { variable($0) == nil }
    if !wanted.isEmpty {
      let work = graph.extract(wanted, known: known)
      for (node, tensor) in zip(wanted, try run(work)) {
        known[node] = Variable(path: "", tensor: tensor)
      }
    }
    forget(allBut: uses)
  }

  /// Keeps what lies between values of the program; the rest of what they came from is a variable now.
  private func forget(allBut uses: Uses) {
    var shorter = Graph()
    var stillKnown: [NodeID: Variable] = [:]
    var places: [NodeID: NodeID] = [:]
    for node in uses.kept {
      let place: NodeID
      if let value = known[node], !uses.hasHistory(node) {
        place = shorter.variable(value)
      } else {
        place = shorter.copy(
          graph[node], operands: graph[node].operands.compactMap { places[$0] })
        if let value = known[node] { stillKnown[place] = value }
      }
      places[node] = place
    }
    references.removeAll { $0.handle == nil }
    for case let handle? in references.map(\.handle) {
      if let place = places[NodeID(handle.place)] { handle.place = Int(place.index) }
    }
    graph = shorter
    known = stillKnown
  }

  /// Gives what is kept copies of the variables that `isChanging`, so that it stays what it was.
  func detach(_ isChanging: (Variable) -> Bool) throws {
    var shorter = Graph()
    var copies: [ObjectIdentifier: Variable] = [:]
    var moved: [NodeID: Variable] = [:]
    for (index, node) in graph.nodes.enumerated() {
      var place: NodeID
      if case .variable(let variable) = node.source, isChanging(variable) {
        let copy =
          try copies[ObjectIdentifier(variable)]
          ?? Variable(path: variable.path, tensor: variable.tensor.copied())
        copies[ObjectIdentifier(variable)] = copy
        place = shorter.variable(copy)
      } else {
        place = shorter.copy(node, operands: node.operands)
      }
      precondition(Int(place.index) == index, "a copy has the same places")
      if let value = known[place] { moved[place] = value }
    }
    graph = shorter
    known = moved
  }
}

/// Which nodes the values of a program still need.
private struct Uses {
  private var isLive: [Bool]
  /// Whether some other live value that gradients may be asked for in lies behind a node.
  private var leadsBack: [Bool]
  private var isNeeded: [Bool]

  init(of graph: Graph, by handles: [Handle], hasAnyTarget: Bool) {
    let count = graph.nodes.count
    var isLive = [Bool](repeating: false, count: count)
    var isTarget = isLive
    for handle in handles {
      isLive[handle.place] = true
      if hasAnyTarget || handle.isTarget { isTarget[handle.place] = true }
    }
    var leadsBack = [Bool](repeating: false, count: count)
    for (index, node) in graph.nodes.enumerated() {
      leadsBack[index] = node.operands.contains { operand in
        isTarget[Int(operand.index)] || leadsBack[Int(operand.index)]
      }
    }
    (self.isLive, self.leadsBack) = (isLive, leadsBack)
    isNeeded = isLive
    for index in graph.nodes.indices.reversed() where isNeeded[index] && leadsBack[index] {
      for operand in graph.nodes[index].operands { isNeeded[Int(operand.index)] = true }
    }
  }

  /// In the order of the graph.
  var kept: [NodeID] { isNeeded.indices.filter { isNeeded[$0] }.map { NodeID($0) } }

  /// Nodes whose values have to be found: live ones, and those whose own history is dropped.
  var wanted: [NodeID] {
    isNeeded.indices.filter { isNeeded[$0] && (isLive[$0] || !leadsBack[$0]) }.map { NodeID($0) }
  }

  func hasHistory(_ node: NodeID) -> Bool { leadsBack[Int(node.index)] }
}

extension Graph {
  /// A graph of what `wanted` need, whose outputs they are; nodes that are `known` are variables in it.
  fileprivate func extract(_ wanted: [NodeID], known: [NodeID: Variable]) -> Graph {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for node in wanted { isNeeded[Int(node.index)] = true }
    for index in nodes.indices.reversed() where isNeeded[index] && known[NodeID(index)] == nil {
      for operand in nodes[index].operands { isNeeded[Int(operand.index)] = true }
    }
    var part = Graph()
    var places: [NodeID: NodeID] = [:]
    for index in nodes.indices where isNeeded[index] {
      let node = NodeID(index)
      if let value = known[node] {
        places[node] = part.variable(value)
      } else {
        places[node] = part.copy(
          nodes[index], operands: nodes[index].operands.compactMap { places[$0] })
      }
    }
    part.outputs = wanted.compactMap { places[$0] }
    return part
  }
}

extension Tensor {
  /// The same elements in memory of their own; only the first `rows` where that is said.
  func copied(rows: Int? = nil) throws -> Tensor {
    let dims = rows.map { [$0] + shape.dims.dropFirst() } ?? shape.dims
    let copy = try Tensor(zeros: Shape(dims), elementType)
    copy.storage.pointer.copyMemory(
      from: storage.pointer, byteCount: try copy.shape.checkedByteCount(of: elementType))
    return copy
  }
}
