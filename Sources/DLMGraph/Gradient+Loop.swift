import DLMOperators
import DLMTensor

extension Graph {
  /// Gradients in the operands of loop `node` from those of its parts: a loop over the same places the
  /// other way round, which carries the gradients of what the first one carries.
  ///
  /// What the first loop has computed and its gradient needs is emitted by it from now on.
  ///
  /// - Parameters:
  ///   - parts: gradients of parts, by number.
  ///   - leads: for the nodes of this graph, whether their gradients are wanted.
  /// - Returns: one gradient for each operand, `nil` for those that want none.
  mutating func loopGradients(_ node: NodeID, _ parts: [Int: NodeID], _ leads: [Bool])
    throws(InferenceFailure) -> [NodeID?]
  {
    guard case .loop(let loop, let operands) = self[node].source else {
      preconditionFailure("only loops have parts")
    }
    var reversal = LoopReversal(loop, operands, node)
    try reversal.seed(parts, in: &self)
    // Of the body's inputs, those whose gradients are carried or wanted.
    let wanted = operands.indices.map { index in
      self[operands[index]].elementType.isFloatingPoint
        && (loop.roles[index] == .carried || leads[Int(operands[index].index)])
    }
    let targets = reversal.inputs.enumerated().filter { wanted[$0.offset] }.map(\.element)
    let found: [NodeID]
    do {
      found = try reversal.joint.gradients(of: reversal.seeds, withRespectTo: targets)
    } catch .gradient(_, let failure) {
      throw failure
    } catch {
      preconditionFailure("gradients of a body that was recorded can be recorded: \(error)")
    }
    let gradients = Dictionary(uniqueKeysWithValues: zip(targets, found))
    let draft = try reversal.draft(gradients, wanted, in: &self)
    let (last, results) = try record(draft)
    return try reversal.gathered(last, results, parts, wanted, in: &self)
  }
}

/// What a loop's gradient is made of.
private struct LoopReversal {
  private let loop: Loop
  private let operands: [NodeID]
  /// The loop in the graph around.
  private let node: NodeID
  /// The body, followed by its gradients.
  var joint: Graph
  /// Its inputs by number.
  private(set) var inputs: [NodeID]
  private(set) var seeds: [(node: NodeID, seed: NodeID)] = []
  /// Carried values that have a gradient.
  private var carried: [Int] = []
  private var result: LoopDraft
  /// Nodes of `joint` in the body of the gradient's loop.
  private var known: [NodeID: NodeID] = [:]

  init(_ loop: Loop, _ operands: [NodeID], _ node: NodeID) {
    self.loop = loop
    self.operands = operands
    self.node = node
    joint = loop.body
    inputs = loop.roles.map { _ in NodeID(0) }
    for (index, inner) in joint.nodes.enumerated() {
      if case .input(let number) = inner.source { inputs[number] = NodeID(index) }
    }
    result = LoopDraft(length: loop.length)
    result.isReversed = !loop.isReversed
  }

  private var count: Int { loop.body.nodes.count }

  /// Adds to the body what its gradients begin with: inputs of the gradient's loop.
  mutating func seed(_ parts: [Int: NodeID], in graph: inout Graph) throws(InferenceFailure) {
    for (index, next) in loop.next.enumerated() where joint[next].elementType.isFloatingPoint {
      carried.append(index)
      let shape = joint[next].shape
      let last = parts[index] ?? graph.constant(0, shape, joint[next].elementType)
      var seed = input(.carried, last, in: graph)
      if let history = parts[loop.carriedCount + index] {
        let after = try graph.places(
          of: history, from: loop.isReversed ? 0 : 1, count: loop.length)
        seed = try joint.apply(.add, to: [seed, input(.element, after, in: graph)])
      }
      seeds.append((next, seed))
    }
    for (index, emitted) in loop.emissions.enumerated() {
      guard let part = parts[2 * loop.carriedCount + index] else { continue }
      seeds.append((emitted, input(.element, part, in: graph)))
    }
  }

  /// A new input of both.
  private mutating func input(_ role: Loop.Role, _ operand: NodeID, in graph: Graph) -> NodeID {
    let inner = result.input(role, operand, in: graph)
    let node = result.body[inner]
    let seed = joint.input(loop.roles.count + known.count, node.shape, node.elementType)
    known[seed] = inner
    return seed
  }

  /// The gradient's loop: `gradients` by the inputs of the body.
  mutating func draft(
    _ gradients: [NodeID: NodeID], _ wanted: [Bool], in graph: inout Graph
  ) throws(InferenceFailure) -> LoopDraft {
    let carriedInputs = loop.roles.indices.filter { loop.roles[$0] == .carried }
    for index in carried {
      guard let gradient = gradients[inputs[carriedInputs[index]]] else { continue }
      result.next.append(try value(of: gradient, in: &graph))
    }
    for index in operands.indices where wanted[index] && loop.roles[index] != .carried {
      guard let gradient = gradients[inputs[index]] else { continue }
      result.results.append(
        LoopDraft.Result(
          try value(of: gradient, in: &graph), isSummed: loop.roles[index] == .captured))
    }
    return result
  }

  /// A node of `joint` in the body of the gradient's loop.
  private mutating func value(of id: NodeID, in graph: inout Graph) throws(InferenceFailure)
    -> NodeID
  {
    if let value = known[id] { return value }
    // In order, without recursion: gradients of long bodies are deep.
    var needed = [id]
    var pending: [NodeID] = []
    var seen: Set<NodeID> = []
    while let next = needed.popLast() {
      guard known[next] == nil, seen.insert(next).inserted else { continue }
      pending.append(next)
      if isMadeAgain(next) { needed += joint[next].operands }
    }
    for next in pending.sorted(by: { $0.index < $1.index }) {
      known[next] =
        isMadeAgain(next)
        ? result.body.copy(joint[next], operands: joint[next].operands.compactMap { known[$0] })
        : try residual(next, in: &graph)
    }
    guard let value = known[id] else { preconditionFailure("what is needed is made") }
    return value
  }

  /// Whether the gradient's loop computes it: its own nodes, and views of what was computed before.
  private func isMadeAgain(_ id: NodeID) -> Bool {
    Int(id.index) >= count || joint[id].isView
  }

  /// A value of the first loop as an input of the other.
  private mutating func residual(_ id: NodeID, in graph: inout Graph) throws(InferenceFailure)
    -> NodeID
  {
    if case .input(let number) = joint[id].source {
      let role = loop.roles[number]
      guard role == .carried else { return result.input(role, operands[number], in: graph) }
      let index = loop.roles[..<number].count { $0 == .carried }
      let before = try graph.carried(index, of: node, isAfter: false)
      return result.input(.element, before, in: graph)
    }
    if let index = loop.next.firstIndex(of: id) {
      return result.input(.element, try graph.carried(index, of: node, isAfter: true), in: graph)
    }
    return result.input(.element, graph.emission(of: id, from: node), in: graph)
  }

  /// Gradients of the operands: of first values what is carried to the end, and their own place of a
  /// history.
  func gathered(
    _ last: [NodeID], _ results: [NodeID], _ parts: [Int: NodeID], _ wanted: [Bool],
    in graph: inout Graph
  ) throws(InferenceFailure) -> [NodeID?] {
    var rest = results[...]
    var firsts = zip(carried, last).makeIterator()
    var all: [NodeID?] = []
    for index in operands.indices {
      guard wanted[index] else {
        all.append(nil)
        continue
      }
      guard loop.roles[index] == .carried else {
        all.append(rest.popFirst())
        continue
      }
      guard let (number, gradient) = firsts.next() else {
        preconditionFailure("real carried values have gradients")
      }
      var sum = gradient
      if let history = parts[loop.carriedCount + number] {
        let place = try graph.places(
          of: history, from: loop.isReversed ? loop.length : 0, count: 1)
        let first = try graph.reshape(place, graph[gradient].shape.dims)
        sum = try graph.apply(.add, to: [sum, first])
      }
      all.append(sum)
    }
    return all
  }
}
