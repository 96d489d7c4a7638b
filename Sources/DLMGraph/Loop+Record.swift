import DLMOperators
import DLMTensor

extension Graph {
  /// Records a recurrence, of whose body only what must run place by place is left in a loop.
  ///
  /// What does not depend on carried values is done before it, for all places at once (or once, if
  /// places do not differ in it); what no carried value depends on, after it.
  ///
  /// - Returns: the carried values after the last place, and the results: `[length, ...]`, or sums.
  package mutating func record(_ draft: LoopDraft) throws(InferenceFailure) -> (
    last: [NodeID], results: [NodeID]
  ) {
    var recorder = LoopRecorder(draft)
    try recorder.recordBefore(in: &self)
    try recorder.recordLoop(in: &self)
    try recorder.recordAfter(in: &self)
    let results = try draft.results.map { (result) throws(InferenceFailure) in
      try recorder.result(result, in: &self)
    }
    return (recorder.last(in: &self), results)
  }
}

/// Which nodes of a body stay in the loop.
private struct LoopSplit {
  /// Whether anything needs a node.
  private(set) var isAlive: [Bool]
  /// Whether it depends on a carried value.
  private(set) var isCarried: [Bool]
  /// Whether it differs from place to place.
  private(set) var isStacked: [Bool]
  private(set) var isInside: [Bool]

  init(_ draft: LoopDraft) {
    let nodes = draft.body.nodes
    isAlive = [Bool](repeating: false, count: nodes.count)
    for node in draft.next + draft.results.map(\.node) { isAlive[Int(node.index)] = true }
    for index in nodes.indices.reversed() where isAlive[index] {
      for operand in nodes[index].operands { isAlive[Int(operand.index)] = true }
    }
    isCarried = [Bool](repeating: false, count: nodes.count)
    (isStacked, isInside) = (isCarried, isCarried)
    var canStack = isCarried
    for (index, node) in nodes.enumerated() {
      let operands = node.operands.map { Int($0.index) }
      if case .input(let number) = node.source {
        isCarried[index] = draft.inputs[number].role == .carried
        isStacked[index] = draft.inputs[number].role != .captured
        canStack[index] = true
        continue
      }
      isCarried[index] = operands.contains { isCarried[$0] }
      isStacked[index] = operands.contains { isStacked[$0] } || node.isDraw
      canStack[index] =
        !isStacked[index]
        || node.stackedForm(
          operands.map { isStacked[$0] }, length: draft.length, in: draft.body) != nil
      // What is neither carried nor can be done at once stays, and so does what needs it.
      isInside[index] =
        !isCarried[index] && (!canStack[index] || operands.contains { isInside[$0] })
    }
    var isWanted = isCarried.map { _ in false }
    for node in draft.next { isWanted[Int(node.index)] = true }
    for (index, node) in nodes.enumerated().reversed() where isAlive[index] {
      if case .input = node.source { continue }
      if isCarried[index] { isInside[index] = isWanted[index] || !canStack[index] }
      if isInside[index] {
        for operand in node.operands { isWanted[Int(operand.index)] = true }
      }
    }
    // One value is worth more than the several that it is computed from.
    for (index, node) in nodes.enumerated()
    where isCarried[index] && isAlive[index] && node.isElementwise {
      isInside[index] =
        isInside[index]
        || node.operands.allSatisfy { operand in
          let place = Int(operand.index)
          return isInside[place] || !isCarried[place] || nodes[place].operands.isEmpty
        }
    }
  }
}

/// Records one recurrence: before, in and after the loop.
private struct LoopRecorder {
  private let draft: LoopDraft
  private let split: LoopSplit
  /// Nodes of the body in the graph around, for all places where they differ.
  private var outer: [NodeID?]
  /// Nodes of the body in that of the loop.
  private var inner: [NodeID?]
  /// What is left of the body, and its inputs.
  private var rest: LoopDraft
  private var loop = NodeID(0)
  /// Of each result that is summed in the loop, the carried value that it becomes.
  private var sums: [NodeID: Int] = [:]

  init(_ draft: LoopDraft) {
    self.draft = draft
    split = LoopSplit(draft)
    outer = draft.body.nodes.map { _ in nil }
    inner = outer
    rest = LoopDraft(length: draft.length)
    rest.isReversed = draft.isReversed
  }

  private var nodes: [Node] { draft.body.nodes }

  mutating func recordBefore(in graph: inout Graph) throws(InferenceFailure) {
    for (index, node) in nodes.enumerated() where split.isAlive[index] {
      if case .input(let number) = node.source {
        if draft.inputs[number].role != .carried { outer[index] = draft.inputs[number].operand }
      } else if !split.isCarried[index], !split.isInside[index] {
        outer[index] = try recorded(index, in: &graph)
      }
    }
  }

  mutating func recordLoop(in graph: inout Graph) throws(InferenceFailure) {
    for (index, node) in nodes.enumerated() {
      guard case .input(let number) = node.source, draft.inputs[number].role == .carried else {
        continue
      }
      inner[index] = rest.input(.carried, draft.inputs[number].operand, in: graph)
    }
    for (index, node) in nodes.enumerated() where split.isAlive[index] && split.isInside[index] {
      let operands = node.operands.map { inside($0, in: graph) }
      inner[index] = rest.body.copy(node, operands: operands)
    }
    var next = draft.next.map { inside($0, in: graph) }
    for result in draft.results
    where result.isSummed && split.isInside[Int(result.node.index)] && sums[result.node] == nil {
      let node = draft.body[result.node]
      let zeros = graph.constant(0, node.shape, node.elementType)
      let sum = rest.input(.carried, zeros, in: graph)
      sums[result.node] = next.count
      next.append(try rest.body.apply(.add, to: [sum, inside(result.node, in: graph)]))
    }
    guard !next.isEmpty || split.isInside.contains(true) else { return }
    rest.body.outputs = next
    loop = graph.loop(
      Loop(
        body: rest.body, roles: rest.inputs.map(\.role), length: rest.length,
        isReversed: rest.isReversed), rest.inputs.map(\.operand))
  }

  mutating func recordAfter(in graph: inout Graph) throws(InferenceFailure) {
    for (index, node) in nodes.enumerated()
    where split.isAlive[index] && split.isCarried[index] && !split.isInside[index] {
      if case .input = node.source { continue }
      outer[index] = try recorded(index, in: &graph)
    }
  }

  func last(in graph: inout Graph) -> [NodeID] {
    draft.next.indices.map { graph.part($0, of: loop) }
  }

  mutating func result(_ result: LoopDraft.Result, in graph: inout Graph)
    throws(InferenceFailure) -> NodeID
  {
    if let sum = sums[result.node] { return graph.part(sum, of: loop) }
    var value = try outside(result.node, in: &graph)
    if !split.isStacked[Int(result.node.index)] { value = try graph.repeated(value, draft.length) }
    return result.isSummed ? try graph.apply(.sum, to: [value], ["axes": .axes([0])]) : value
  }

  /// A node outside the loop: once, or for all places at once.
  private mutating func recorded(_ index: Int, in graph: inout Graph) throws(InferenceFailure)
    -> NodeID
  {
    let node = nodes[index]
    var operands: [(node: NodeID, isStacked: Bool)] = []
    for operand in node.operands {
      operands.append(
        (try outside(operand, in: &graph), split.isStacked[Int(operand.index)]))
    }
    guard split.isStacked[index] else {
      return graph.copy(node, operands: operands.map(\.node))
    }
    guard
      let form = node.stackedForm(
        operands.map(\.isStacked), length: draft.length, in: draft.body)
    else { preconditionFailure("what cannot be stacked is in the loop") }
    return try graph.stacked(node, form, operands, length: draft.length)
  }

  /// A node as the graph around sees it, emitted by the loop if need be.
  private mutating func outside(_ id: NodeID, in graph: inout Graph) throws(InferenceFailure)
    -> NodeID
  {
    let index = Int(id.index)
    if let known = outer[index] { return known }
    let value: NodeID
    if case .input(let number) = nodes[index].source {
      value = try graph.carried(carriedIndex(number), of: loop, isAfter: false)
    } else if let place = draft.next.firstIndex(of: id) {
      value = try graph.carried(place, of: loop, isAfter: true)
    } else if nodes[index].isView {
      value = try recorded(index, in: &graph)
    } else {
      guard let emitted = inner[index] else {
        preconditionFailure("what is not outside is in the loop")
      }
      value = graph.emission(of: emitted, from: loop)
    }
    outer[index] = value
    return value
  }

  private func carriedIndex(_ number: Int) -> Int {
    draft.inputs[..<number].count { $0.role == .carried }
  }

  /// A node as the loop's body sees it: what was done outside is an input, or looked at again.
  private mutating func inside(_ id: NodeID, in graph: Graph) -> NodeID {
    let index = Int(id.index)
    if let known = inner[index] { return known }
    let node = nodes[index]
    let value: NodeID
    // To compute it where it is needed costs no more than to fetch it.
    if node.isView || node.isElementwise && split.isStacked[index] {
      let operands = node.operands.map { inside($0, in: graph) }
      value = rest.body.copy(node, operands: operands)
    } else {
      guard let operand = outer[index] else {
        preconditionFailure("what is not in the loop is done before it")
      }
      value = rest.input(split.isStacked[index] ? .element : .captured, operand, in: graph)
    }
    inner[index] = value
    return value
  }
}

extension Node {
  /// Whether it only looks at its operand, or is a number: nothing that is worth keeping.
  var isView: Bool {
    guard case .apply(let op, _, _) = source else { return false }
    switch op.lowering {
    case .broadcast, .reshape, .transpose, .slice, .constant: return true
    default: return false
    }
  }

  fileprivate var isElementwise: Bool {
    guard case .apply(let op, _, _) = source else { return false }
    return op.lowering.isElementwise
  }

  /// Whether each run, and so each place, has its own numbers.
  fileprivate var isDraw: Bool {
    guard case .apply(let op, _, _) = source, case .random = op.lowering else { return false }
    return true
  }
}
