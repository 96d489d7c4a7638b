import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// `softmax(scale q k^T, hidden by a mask) v` becomes one kernel, its gradients another.
@Suite struct AttentionTests {
  enum Mask: CaseIterable { case none, causal, scattered, all, keys }

  /// Batches, queries, keys, sizes of queries and of values.
  static let shapes: [(batch: [Int], m: Int, n: Int, d: Int, e: Int)] = [
    ([2, 2], 5, 5, 4, 4), ([4], 3, 7, 5, 2), ([4], 99, 20, 2, 3), ([1, 4], 33, 33, 1, 2),
  ]

  @Test(arguments: shapes.indices, Mask.allCases)
  func `the kernels agree with the definition`(_ number: Int, _ mask: Mask) throws {
    let shape = Self.shapes[number]
    if mask == .causal, shape.m != shape.n { return }
    let kernels = try agreeing(shape, mask, divisor: number == 1 ? nil : 2.5)
    #expect(kernels.filter { $0.hasPrefix("attention") } == ["attention", "attention gradient"])
    #expect(!kernels.contains("matmul"))
  }

  @Test func `so do they where queries and keys are many blocks, half of them hidden`() throws {
    let kernels = try agreeing(([4], 260, 260, 1, 1), .causal, divisor: 2)
    #expect(kernels.contains("attention gradient"))
  }

  /// Of a few heads, each unit of work takes a share of the queries.
  @Test(arguments: [[], [1], [2]], [Mask.none, .all])
  func `so do they where there are few heads of many queries`(_ batch: [Int], _ mask: Mask) throws {
    let kernels = try agreeing((batch, 513, 50, 2, 2), mask, divisor: 2)
    #expect(kernels.contains("attention gradient"))
  }

  /// Kernels of attention and of all its gradients, which are expected to agree with the definition.
  private func agreeing(
    _ shape: (batch: [Int], m: Int, n: Int, d: Int, e: Int), _ mask: Mask, divisor: Double?
  ) throws -> [String] {
    var graph = Graph()
    let head = try graph.attention(shape, mask, divisor: divisor)
    let dy = try graph.variable("dy", graph[head.output].shape)
    graph.outputs =
      [head.output]
      + (try graph.gradient(of: head.output, withRespectTo: [head.q, head.k, head.v], seed: dy))
    try expectAgreement(graph, within: 2e-5)
    return try graph.kernelNames()
  }

  @Test func `few heads of few queries are products`() throws {
    var graph = Graph()
    graph.outputs = [try graph.attention(([3], 9, 9, 2, 2), .none, divisor: 2).output]
    #expect(try !graph.kernelNames().contains("attention"))
  }

  @Test func `without gradients one kernel is left`() throws {
    var graph = Graph()
    graph.outputs = [try graph.attention(Self.shapes[0], .causal, divisor: 2).output]
    try expectAgreement(graph)
    #expect(try graph.kernelNames().filter { $0 != "map" } == ["attention"])
  }

  @Test func `gradients of some of the operands are enough`() throws {
    var graph = Graph()
    let head = try graph.attention(Self.shapes[3], .none, divisor: 3)
    let total = try graph.weighted(head.output)
    graph.outputs = [total] + (try graph.gradient(of: total, withRespectTo: [head.v, head.q]))
    try expectAgreement(graph, within: 2e-5)
    #expect(try graph.kernelNames().contains("attention gradient"))
  }

  @Test func `gradients of heads that are parts of one array are made there`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [2, 5, 24])
    let parts = try (0..<3).map { number in
      let part = try graph.apply(
        "slice", [x],
        [
          "starts": .dims([0, 0, Dim(8 * number)]), "dims": .dims([2, 5, 8]),
          "steps": .dims([1, 1, 1]),
        ])
      let heads = try graph.apply("reshape", [part], ["dims": .dims([2, 5, 2, 4])])
      return try graph.apply("transpose", [heads], ["axes": .axes([0, 2, 1, 3])])
    }
    let head = try graph.attention(
      Self.shapes[0], .causal, divisor: 2, operands: (parts[0], parts[1], parts[2]))
    let squares = try graph.apply("multiply", [head.output, head.output])
    let gradient = try graph.gradient(of: try graph.weighted(squares), withRespectTo: [x])
    graph.outputs = [try graph.apply("exp", gradient)]
    try expectAgreement(graph, within: 2e-5)
    let last = try Plan(graph, for: ReferenceBackend()).schedule.instructions.suffix(2)
    #expect(last.map(\.kernel.name) == ["attention gradient", "map"])
    #expect(last.last?.operands.count == 1)
  }

  @Test func `probabilities that are wanted are made once`() throws {
    var graph = Graph()
    let head = try graph.attention(Self.shapes[0], .none, divisor: nil)
    graph.outputs = [head.output, head.probabilities]
    try expectAgreement(graph)
    #expect(try !graph.kernelNames().contains("attention"))
  }

  @Test func `a gradient can be differentiated again`() throws {
    var graph = Graph()
    let head = try graph.attention(Self.shapes[0], .causal, divisor: 2)
    let first = try graph.gradient(of: try graph.weighted(head.output), withRespectTo: [head.q])
    graph.outputs = try graph.gradient(of: try graph.weighted(first[0]), withRespectTo: [head.k])
    try expectAgreement(graph, within: 2e-5)
  }
}

extension Graph {
  fileprivate typealias Head = (
    q: NodeID, k: NodeID, v: NodeID, probabilities: NodeID, output: NodeID
  )

  fileprivate mutating func attention(
    _ shape: (batch: [Int], m: Int, n: Int, d: Int, e: Int), _ mask: AttentionTests.Mask,
    divisor: Double?, operands: (q: NodeID, k: NodeID, v: NodeID)? = nil
  ) throws -> Head {
    let dims = shape.batch + [shape.m, shape.n]
    let rank = dims.count
    let (q, k, v) =
      try operands ?? (
        variable("q", Shape(shape.batch + [shape.m, shape.d])),
        variable("k", Shape(shape.batch + [shape.n, shape.d])),
        variable("v", Shape(shape.batch + [shape.n, shape.e]))
      )
    let turned = try apply(
      "transpose", [k], ["axes": .axes(Array(0..<rank - 2) + [rank - 1, rank - 2])])
    var scores = try apply("matmul", [q, turned])
    if let divisor {
      scores = try apply("divide", [scores, constant(divisor, Shape(dims))])
    }
    if let hidden = try self.mask(mask, dims) {
      scores = try apply("select", [hidden, constant(-1e9, Shape(dims)), scores])
    }
    func wide(_ node: NodeID) throws -> NodeID {
      try apply(
        "broadcast", [node], ["dims": .dims(dims.map { Dim($0) }), "axes": .axes([rank - 1])])
    }
    let largest = try apply("max", [scores], ["axes": .axes([rank - 1])])
    let fixed = try apply("stop_gradient", [try wide(largest)])
    let e = try apply("exp", [try apply("subtract", [scores, fixed])])
    let sum = try apply("sum", [e], ["axes": .axes([rank - 1])])
    let p = try apply("divide", [e, try wide(sum)])
    return (q, k, v, p, try apply("matmul", [p, v]))
  }

  /// Truth values for all scores; a row or more of `all` hides every key.
  private mutating func mask(_ mask: AttentionTests.Mask, _ dims: [Int]) throws -> NodeID? {
    let (m, n) = (dims[dims.count - 2], dims[dims.count - 1])
    let isHidden: (Int, Int) -> Bool
    switch mask {
    case .none: return nil
    case .causal: isHidden = { $1 > $0 }
    case .scattered: isHidden = { ($0 * 7 + $1 * 5) % 11 < 5 }
    case .all: isHidden = { i, j in i % 3 == 0 || j > i + 1 }
    case .keys:
      let tensor = try Tensor((0..<n).map { $0 * 3 < n ? 0 : 1 }, shape: [n], .bool)
      return try spread(variable(Variable(path: "mask", tensor: tensor)), dims, count: 1)
    }
    let values = (0..<m).flatMap { i in (0..<n).map { isHidden(i, $0) ? 1.0 : 0 } }
    let tensor = try Tensor(values, shape: [m, n], .bool)
    return try spread(variable(Variable(path: "mask", tensor: tensor)), dims, count: 2)
  }

  /// `node`, which has the last `count` of `dims`, repeated along the others.
  private mutating func spread(_ node: NodeID, _ dims: [Int], count: Int) throws -> NodeID {
    try apply(
      "broadcast", [node],
      ["dims": .dims(dims.map { Dim($0) }), "axes": .axes(Array(0..<dims.count - count))])
  }

  /// Names of the kernels of its plan, in order.
  fileprivate func kernelNames() throws -> [String] {
    try Plan(self, for: ReferenceBackend()).schedule.instructions.map(\.kernel.name)
  }
}
