import DLMData
import DLMFrontend
import DLMGraph
import DLMSyntax
import DLMTensor

// The step that gave no number, done again: where in it the first number went wrong.
extension Training {
  /// An operator of a step, the first whose result has an element that is no number.
  struct Origin {
    var operation: String
    /// Line of the program, from 1 on; 0 where none is known.
    var line: Int
    var step: Int
    /// Whether it is computed for a gradient.
    var isGradient: Bool
    /// The first such element, and what the operands have there.
    var place: [Int]
    var operands: [Double]
    /// Whether what is wrong with it is only that it has no end.
    var isInfinite: Bool
  }

  /// Where a training stood some time ago, for a replay from there.
  struct Snapshot {
    var taken: ContinuousClock.Instant
    var step: Int
    var cursor: BatchCursor
    var tensors: [String: Tensor]
  }

  /// Keeps where the training stands, now and then, so that a replay is no longer than that.
  func keepForReplay(_ loader: BatchLoader) throws {
    let now = ContinuousClock.now
    guard now - (snapshot?.taken ?? began) >= session.options.longestReplay else { return }
    snapshot = Snapshot(
      taken: now, step: position.step, cursor: loader.cursor,
      tensors: try machine.store.tensors.mapValues { try $0.copied() })
  }

  /// Results that are looked at together.
  private static let fewNodes = 64

  /// Trains again, from where it stood some seconds ago, up to the step in which the first number goes
  /// wrong; `nil` where that goes another way because clauses have changed something.
  func origin(isInfinite: Bool) throws -> Origin? {
    let outer = (steps, machine.store, position)
    defer {
      (steps, position) = (outer.0, outer.2)
      machine.exchange(outer.1)
    }
    steps = [:]
    machine.exchange(snapshot.map { outer.1.restored(to: $0.tensors) } ?? outer.1.fresh)
    let loader = try BatchLoader(
      dataset, batchSize: clauses.batchSize, shuffled: clauses.isShuffled,
      dropLast: clauses.dropsLast, seed: seed,
      from: snapshot?.cursor ?? start?.cursor ?? BatchCursor())
    let done = snapshot?.step ?? start?.step ?? 0
    for number in (done + 1)...max(outer.2.step, done + 1) {
      guard let batch = loader.next() ?? loader.next() else { return nil }
      let key = StepKey(rows: batch.rowCount, updates: number % clauses.accumulated == 0)
      let step = try recorded(key)
      let before = try machine.store.tensors.mapValues { try $0.copied() }
      clock.step.tensor[0] = Double(number)
      clock.epoch.tensor[0] = Double(batch.epoch + 1)
      try step.run(on: batch, seed: seed, counter: UInt64(number))
      let isWrong =
        !(results.first?.variable.tensor[0].isFinite ?? true)
        || machine.store.tensors.values.contains { $0.hasNaN }
      guard isWrong else { continue }
      for (path, tensor) in before { machine.store[path]?.tensor = tensor }
      return try origin(in: key, batch, number, isInfinite)
    }
    return nil
  }

  /// The first result of a step that is no number, in the order in which the program computes them.
  private func origin(
    in key: StepKey, _ batch: Batch, _ number: Int, _ isInfinite: Bool
  ) throws -> Origin? {
    updatesParameters = key.updates
    let (graph, fields) = try machine.recordedGraph(
      split, of: dataset, rows: key.rows, with: evaluator, in: frame, isTraining: false
    ) { try recordStep(&$0) }
    for (field, tensor) in zip(fields, batch.tensors) { field.tensor = tensor }
    let loss = graph.assignments.first { $0.variable === results.first?.variable }?.value
    let numbers = graph.nodes.indices.filter { graph.nodes[$0].elementType.isFloatingPoint }
    for first in stride(from: 0, to: numbers.count, by: Self.fewNodes) {
      let nodes = numbers[first..<min(first + Self.fewNodes, numbers.count)].map { NodeID($0) }
      let tensors = try values(of: nodes, in: graph, number)
      for (node, tensor) in zip(nodes, tensors) {
        let index = tensor.values.firstIndex { isInfinite ? $0.isInfinite : $0.isNaN }
        guard let index else { continue }
        let operands = graph[node].operands
        let inputs = try values(of: operands, in: graph, number)
        // A number without end that the program writes, as in a mask, is not what went wrong.
        if isInfinite, operands.isEmpty || inputs.contains(where: { !$0.isFinite }) { continue }
        return Origin(
          operation: graph[node].name, line: graph[node].line, step: number,
          isGradient: loss.map { node.index > $0.index } ?? false,
          place: tensor.shape.place(of: index),
          operands: inputs.compactMap { input in
            input.count == tensor.count ? input[index] : input.count == 1 ? input[0] : nil
          }, isInfinite: isInfinite)
      }
    }
    return nil
  }

  private func values(of nodes: [NodeID], in graph: Graph, _ number: Int) throws -> [Tensor] {
    var part = Graph()
    for node in graph.nodes { _ = part.copy(node, operands: node.operands) }
    part.outputs = nodes
    let plan = try machine.plan(part)
    try plan.run(seed: seed, counter: UInt64(number))
    return plan.outputs
  }
}

extension Training.Origin {
  /// `log of -0.5`
  var words: String {
    let operation = "\(isGradient ? "the gradient through " : "")`\(self.operation)`"
    let values = operands.map { NumberText.of($0) }.joined(separator: " and ")
    return values.isEmpty ? operation : "\(operation) of \(values)"
  }

  /// Where the program says it: the call, or what begins in that line; with the name that is bound to it.
  func place(in tree: Tree) -> (span: Span, name: String?)? {
    let inLine = tree.expressionIDs.filter { id in
      tree.file.line(at: tree.span(id).start) + 1 == line
    }
    let called = inLine.first { id in
      switch tree[id] {
      case .call(let callee, _): tree.text(callee) == operation
      case .name(let name): name == operation
      default: false
      }
    }
    guard let id = called ?? inLine.max(by: { tree.span($0).count < tree.span($1).count }) else {
      return nil
    }
    let span = tree.span(id)
    for statement in tree.statements {
      guard case .bind(let bindings, _) = statement.kind else { continue }
      for binding in bindings {
        let value = tree.span(binding.value)
        guard value.start <= span.start, span.end <= value.end else { continue }
        if case .name(let name) = binding.pattern {
          return (span, name.text)
        }
      }
    }
    return (span, nil)
  }
}

extension Span {
  fileprivate var count: Int { end - start }
}

extension Tensor {
  /// Whether every element is a number with an end.
  fileprivate var isFinite: Bool {
    !elementType.isFloatingPoint || (0..<count).allSatisfy { self[$0].isFinite }
  }

  /// Whether an element is no number.
  fileprivate var hasNaN: Bool {
    elementType.isFloatingPoint && (0..<count).contains { self[$0].isNaN }
  }
}

extension Shape {
  /// The indices of the element that is number `index` in row-major order.
  fileprivate func place(of index: Int) -> [Int] {
    zip(dims, strides).map { dim, stride in index / max(stride, 1) % max(dim, 1) }
  }
}

extension Node {
  /// What it is called in messages.
  fileprivate var name: String {
    switch source {
    case .apply(let operation, _, _): operation.name
    case .loop, .part: "scan"
    case .variable(let variable): variable.path
    case .input: "scan"
    }
  }
}
