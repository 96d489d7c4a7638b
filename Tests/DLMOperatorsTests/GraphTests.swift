import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct GraphTests {
  private func op(_ name: String) throws -> Operator { try #require(Operator.named(name)) }

  private func variable(
    _ graph: inout Graph, _ values: [Double], _ shape: Shape, _ type: ElementType = .f32
  ) throws -> NodeID {
    graph.variable(Variable(path: "x", tensor: try Tensor(values, shape: shape, type)))
  }

  @Test func `only scalars are broadcast unasked`() throws {
    var graph = Graph()
    let x = try variable(&graph, [1, 2, 3], [3])
    let two = graph.constant(2)
    let product = try graph.apply(op("multiply"), to: [two, x])
    #expect(try graph.evaluateNaively([product])[0].values == [2, 4, 6])
    let row = try variable(&graph, [1, 2, 3], [1, 3])
    #expect(throws: InferenceFailure.self) {
      try graph.apply(op("multiply"), to: [x, row])
    }
  }

  @Test func `a broadcast that is asked for stretches ones and adds leading axes`() throws {
    var graph = Graph()
    let x = try variable(&graph, [1, 2], [2, 1], .f64)
    let wide = try graph.broadcast(x, to: [3, 2, 2])
    let values = try graph.evaluateNaively([wide])[0].values
    #expect(values == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2])
    let sum = try graph.apply(op("sum"), to: [wide], ["axes": .axes([0, 1, 2])])
    let gradient = try graph.gradient(of: sum, withRespectTo: [x])
    #expect(try graph.evaluateNaively(gradient)[0].values == [6, 6])
  }

  @Test func `element types follow one rule`() throws {
    var graph = Graph()
    let single = try variable(&graph, [1.5], [1])
    let double = try variable(&graph, [2.5], [1], .f64)
    let whole = try variable(&graph, [2], [1], .i32)
    let long = try variable(&graph, [2], [1], .i64)
    func type(_ name: String, _ operands: [NodeID], _ attributes: Attributes = [:]) throws
      -> ElementType
    {
      let node = try graph.apply(op(name), to: operands, attributes)
      return graph[node].elementType
    }
    #expect(try type("add", [single, single]) == .f32)
    #expect(try type("add", [single, double]) == .f64)
    let half = try variable(&graph, [1.5], [1], .f16)
    let brain = try variable(&graph, [1.5], [1], .bf16)
    #expect(try type("add", [half, half]) == .f16)
    #expect(try type("exp", [brain]) == .bf16)
    #expect(try type("add", [half, brain]) == .f32)
    #expect(try type("multiply", [brain, single]) == .f32)
    #expect(try type("multiply", [half, double]) == .f64)
    #expect(try type("cumsum", [half], ["axis": .axes([0])]) == .f16)
    #expect(try type("add", [whole, whole]) == .i32)
    #expect(try type("add", [long, whole]) == .i64)
    #expect(try type("less", [single, double]) == .bool)
    #expect(try type("argmax", [double], ["axis": .axes([0])]) == .i32)
    #expect(try type("cast", [single], ["type": .elementType(.u8)]) == .u8)
    #expect(try type("constant", [], ["value": .real(1), "dims": .dims([2])]) == .f32)
    #expect(throws: InferenceFailure.self) { try type("add", [single, whole]) }
  }

  @Test func `indices of any whole type are read`() throws {
    var graph = Graph()
    let x = try variable(&graph, [10, 20, 30], [3], .f64)
    let index = try variable(&graph, [2, 0], [2], .i64)
    let gathered = try graph.apply(op("gather"), to: [x, index], ["axis": .axes([0])])
    #expect(try graph.evaluateNaively([gathered])[0].values == [30, 10])
  }

  @Test func `a variable has one node, and what is assigned is read from then on`() throws {
    var graph = Graph()
    let counter = Variable(path: "t", tensor: try Tensor([1], shape: []))
    let before = graph.variable(counter)
    #expect(graph.variable(counter) == before)
    let after = try graph.apply(op("add"), to: [before, graph.constant(1)])
    try graph.assign(after, to: counter)
    #expect(graph.variable(counter) == after)
    let last = try graph.apply(op("add"), to: [graph.variable(counter), graph.constant(1)])
    try graph.assign(last, to: counter)
    #expect(graph.assignments.map(\.value) == [last])
    #expect(try graph.evaluateNaively([last])[0][0] == 3)
    let vector = graph.constant(0, [2])
    #expect(throws: AssignmentError.self) { try graph.assign(vector, to: counter) }
  }

  struct Known: Sendable, CustomTestStringConvertible {
    let op: String
    let operands: [[Double]]
    let shapes: [Shape]
    var attributes: Attributes = [:]
    let result: [Double]

    var testDescription: String { op }
  }

  static let known = [
    Known(
      op: "slice", operands: [[0, 1, 2, 3, 4, 5]], shapes: [[6]],
      attributes: ["starts": .dims([1]), "dims": .dims([2]), "steps": .dims([3])], result: [1, 4]),
    Known(
      op: "pad", operands: [[1, 2]], shapes: [[2]],
      attributes: [
        "low": .dims([1]), "dims": .dims([5]), "steps": .dims([2]), "value": .real(9),
      ], result: [9, 1, 9, 2, 9]),
    Known(
      op: "transpose", operands: [[1, 2, 3, 4, 5, 6]], shapes: [[2, 3]],
      attributes: ["axes": .axes([1, 0])], result: [1, 4, 2, 5, 3, 6]),
    Known(
      op: "broadcast", operands: [[1, 2]], shapes: [[2]],
      attributes: ["dims": .dims([2, 2]), "axes": .axes([1])], result: [1, 1, 2, 2]),
    Known(
      op: "concatenate", operands: [[1, 2], [3, 4]], shapes: [[2, 1], [2, 1]],
      attributes: ["axis": .axes([1])], result: [1, 3, 2, 4]),
    Known(
      op: "reverse", operands: [[1, 2, 3, 4]], shapes: [[2, 2]],
      attributes: ["axes": .axes([0])], result: [3, 4, 1, 2]),
    Known(
      op: "product", operands: [[1, 2, 3, 4]], shapes: [[2, 2]],
      attributes: ["axes": .axes([0])], result: [3, 8]),
    Known(
      op: "mean_pool", operands: [[2, 4, 6]], shapes: [[1, 1, 3]],
      attributes: [
        "window": .window(
          Window(size: [2], stride: [2], low: [1], high: [0], dilation: [1]))
      ], result: [1, 5]),
    Known(
      op: "iota", operands: [], shapes: [],
      attributes: ["dims": .dims([2, 2]), "axis": .axes([1])], result: [0, 1, 0, 1]),
  ]

  @Test(arguments: known)
  func `an operator means what its summary says`(_ known: Known) throws {
    var graph = Graph()
    let inputs = try zip(known.operands, known.shapes).map {
      try variable(&graph, $0, $1, .f64)
    }
    let result = try graph.apply(op(known.op), to: inputs, known.attributes)
    #expect(try graph.evaluateNaively([result])[0].values == known.result)
  }
}
