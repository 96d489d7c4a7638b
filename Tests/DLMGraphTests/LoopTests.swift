import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// Recurrences as one operator against the same body recorded place by place.
@Suite struct LoopTests {
  @Test(arguments: Recurrence.all, [false, true])
  func `a loop computes what its body does place by place`(_ sample: Recurrence, _ isReversed: Bool)
    throws
  {
    var graph = Graph()
    let (results, _) = try sample.record(in: &graph, isReversed: isReversed, asLoop: true)
    graph.outputs = results
    try expectAgreement(graph)
    try expectSame(sample, isReversed) { _, results, _ in results }
  }

  @Test(arguments: Recurrence.all, [false, true])
  func `gradients of a loop are those of its places`(_ sample: Recurrence, _ isReversed: Bool)
    throws
  {
    var graph = Graph()
    let (results, inputs) = try sample.record(in: &graph, isReversed: isReversed, asLoop: true)
    graph.outputs = try graph.slopes(of: results, in: inputs)
    try expectAgreement(graph)
    try expectSame(sample, isReversed) { graph, results, inputs in
      try graph.slopes(of: results, in: inputs)
    }
  }

  @Test(arguments: Recurrence.all)
  func `second gradients of a loop are those of its places`(_ sample: Recurrence) throws {
    try expectSame(sample, false) { graph, results, inputs in
      let first = try graph.slopes(of: results, in: inputs)
      return try graph.slopes(of: first, in: inputs)
    }
  }

  @Test func `recording and planning do not depend on the number of places`() throws {
    var counts: [Int] = []
    for length in [4, 400] {
      var graph = Graph()
      let sample = Recurrence(name: "long", length: length, Recurrence.cell)
      let (results, inputs) = try sample.record(in: &graph, isReversed: false, asLoop: true)
      graph.outputs = try graph.slopes(of: results, in: inputs)
      counts.append(graph.nodes.count)
      counts.append(try Plan(graph, for: Backends.processors[0]).schedule.instructions.count)
    }
    #expect(counts[0] == counts[2] && counts[1] == counts[3])
  }

  @Test func `products with the inputs are done once for all places`() throws {
    var graph = Graph()
    let (results, _) = try Recurrence(name: "cell", length: 5, Recurrence.cell)
      .record(in: &graph, isReversed: false, asLoop: true)
    graph.outputs = results
    let schedule = try Plan(graph, for: ReferenceBackend()).schedule
    let outside = schedule.instructions.count { $0.kernel.isProduct }
    let inside = schedule.instructions.reduce(0) { count, instruction in
      guard case .loop(let kernel) = instruction.kernel else { return count }
      return count + kernel.body.instructions.count { $0.kernel.isProduct }
    }
    #expect(outside == 1 && inside == 1)
  }

  /// Compares what `derived` records of the loop with what it records of the places.
  private func expectSame(
    _ sample: Recurrence, _ isReversed: Bool,
    _ derived: (inout Graph, [NodeID], [NodeID]) throws -> [NodeID]
  ) throws {
    let values = try [true, false].map { asLoop in
      var graph = Graph()
      let (results, inputs) = try sample.record(
        in: &graph, isReversed: isReversed, asLoop: asLoop)
      let wanted = try derived(&graph, results, inputs)
      return try graph.evaluateNaively(wanted)
    }
    #expect(values[0].count == values[1].count)
    for (index, (a, b)) in zip(values[0], values[1]).enumerated() {
      let difference = difference(a, b)
      // Both are sums in double precision of the reference, in another order.
      #expect(difference.size <= 2e-5, "\(sample.name) \(index): \(difference.text)")
    }
  }
}

extension Kernel {
  fileprivate var isProduct: Bool {
    if case .matmul = self { true } else { false }
  }
}

/// A recurrence for tests: a body on an element `[2, 3]` and carried values.
struct Recurrence: CustomTestStringConvertible, Sendable {
  typealias Body =
    @Sendable (inout Graph, _ x: NodeID, _ carried: [NodeID], _ captured: [NodeID]) throws -> (
      next: [NodeID], emitted: [NodeID]
    )

  let name: String
  let length: Int
  let body: Body
  var testDescription: String { name }

  init(name: String, length: Int, _ body: @escaping Body) {
    self.name = name
    self.length = length
    self.body = body
  }

  /// Values of the last place, what is emitted, and the variables that they come from.
  func record(in graph: inout Graph, isReversed: Bool, asLoop: Bool) throws -> (
    results: [NodeID], inputs: [NodeID]
  ) {
    var numbers = Numbers(seed: 11)
    func variable(_ name: String, _ shape: Shape) throws -> NodeID {
      graph.variable(
        Variable(
          path: name,
          tensor: try Sample.Operand.uniform(shape, in: -0.8...0.8)
            .drawn(from: &numbers, reals: .f32)))
    }
    let x = try variable("x", [length, 2, 3])
    let first = [try variable("h", [2, 4]), try variable("c", [2, 4])]
    let weights = [
      try variable("w", [3, 8]), try variable("u", [4, 8]), try variable("b", [4]),
    ]
    var draft = LoopDraft(length: length)
    draft.isReversed = isReversed
    let carried = first.map { draft.input(.carried, $0, in: graph) }
    let element = draft.input(.element, x, in: graph)
    let captured = weights.map { draft.input(.captured, $0, in: graph) }
    let (next, emitted) = try body(&draft.body, element, carried, captured)
    draft.next = next
    draft.results = emitted.map { LoopDraft.Result($0) }
    let inputs = [x] + first + weights
    guard !asLoop else {
      let (last, results) = try graph.record(draft)
      return (last + results, inputs)
    }
    draft.body.outputs = next + emitted
    var state = first
    var places: [[NodeID]] = []
    for step in 0..<length {
      let place = isReversed ? length - 1 - step : step
      let element = try graph.element(place, of: x)
      let outputs = draft.body.outputs(in: &graph, state + [element] + weights)
      state = Array(outputs.prefix(2))
      places.append(Array(outputs.dropFirst(2)))
    }
    if isReversed { places.reverse() }
    let stacks = try emitted.indices.map { index in try graph.stacked(places.map { $0[index] }) }
    return (state + stacks, inputs)
  }
}

extension Recurrence {
  static let all = [
    Recurrence(name: "cell", length: 5, cell),
    Recurrence(name: "running sum", length: 4) { graph, x, carried, captured in
      let part = try graph.apply("slice", [x], start: [0, 0], dims: [2, 1])
      let row = try graph.apply(
        op("broadcast"), to: [try graph.apply(op("reshape"), to: [part], ["dims": .dims([2])])],
        ["dims": .dims([2, 4]), "axes": .axes([1])])
      let sum = try graph.apply(op("add"), to: [carried[0], row])
      return ([sum, carried[1]], [sum, row])
    },
    Recurrence(name: "values swapped", length: 4) { graph, x, carried, captured in
      let product = try graph.apply(op("multiply"), to: [carried[0], carried[1]])
      return ([carried[1], product], [carried[0]])
    },
    Recurrence(name: "outputs of each place", length: 6) { graph, x, carried, captured in
      let (next, _) = try cell(&graph, x, carried, captured)
      // Nothing carried needs it: a product with what every place sees.
      let turned = try graph.apply(op("transpose"), to: [captured[0]], ["axes": .axes([1, 0])])
      let wide = try graph.apply(op("concatenate"), to: next, ["axis": .axes([1])])
      let output = try graph.apply(op("matmul"), to: [wide, turned])
      return (next, [output, try graph.apply(op("exp"), to: [output])])
    },
    Recurrence(name: "largest so far", length: 5) { graph, x, carried, captured in
      let product = try graph.apply(op("matmul"), to: [x, captured[0]])
      let part = try graph.apply("slice", [product], start: [0, 2], dims: [2, 4])
      let most = try graph.apply(op("maximum"), to: [carried[0], part])
      let length = try graph.apply(op("sum"), to: [most], ["axes": .axes([1])])
      let wide = try graph.apply(
        op("broadcast"), to: [length], ["dims": .dims([2, 4]), "axes": .axes([1])])
      return ([most, try graph.apply(op("tanh"), to: [wide])], [length])
    },
  ]

  /// Gates of one product, as an LSTM has them.
  static let cell: Body = { graph, x, carried, captured in
    let inputs = try graph.apply(op("matmul"), to: [x, captured[0]])
    let state = try graph.apply(op("matmul"), to: [carried[0], captured[1]])
    let bias = try graph.apply(
      op("broadcast"), to: [captured[2]], ["dims": .dims([2, 4]), "axes": .axes([0])])
    let sum = try graph.apply(op("add"), to: [inputs, state])
    let left = try graph.apply("slice", [sum], start: [0, 0], dims: [2, 4])
    let right = try graph.apply("slice", [sum], start: [0, 4], dims: [2, 4])
    let gate = try graph.apply(op("sigmoid"), to: [try graph.apply(op("add"), to: [left, bias])])
    let kept = try graph.apply(op("multiply"), to: [gate, carried[1]])
    let new = try graph.apply(op("tanh"), to: [right])
    let c = try graph.apply(op("add"), to: [kept, new])
    let h = try graph.apply(op("multiply"), to: [gate, try graph.apply(op("tanh"), to: [c])])
    return ([h, c], [h])
  }

  private static func op(_ name: String) throws -> Operator { try #require(Operator.named(name)) }
}

extension Graph {
  fileprivate mutating func apply(
    _ name: String, _ operands: [NodeID], start: [Int], dims: [Int]
  ) throws -> NodeID {
    try apply(
      #require(Operator.named(name)), to: operands,
      [
        "starts": .dims(start.map { Dim($0) }), "dims": .dims(dims.map { Dim($0) }),
        "steps": .dims(start.map { _ in 1 }),
      ])
  }

  /// Gradients of the sum of all elements of `results`, each times its place.
  fileprivate mutating func slopes(of results: [NodeID], in inputs: [NodeID]) throws -> [NodeID] {
    var total = constant(0)
    for (index, result) in results.enumerated() {
      let shape = self[result].shape
      var numbers = Numbers(seed: UInt64(index + 3))
      let factor = variable(
        Variable(
          path: "weights",
          tensor: try Sample.Operand.uniform(shape, in: 0.5...1.5)
            .drawn(from: &numbers, reals: .f32)))
      let product = try apply(#require(Operator.named("multiply")), to: [result, factor])
      let sum = try apply(
        #require(Operator.named("sum")), to: [product], ["axes": .axes(Array(0..<shape.rank))])
      total = try apply(#require(Operator.named("add")), to: [total, sum])
    }
    return try gradient(of: total, withRespectTo: inputs)
  }
}
