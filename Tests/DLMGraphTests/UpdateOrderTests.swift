import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// What variables become is written as soon as nothing reads the old value any more, in its place.
@Suite struct UpdateOrderTests {
  @Test(arguments: Rule.allCases)
  fileprivate func `gradients of a deep net lie in one place, one after the other`(_ rule: Rule)
    throws
  {
    try expectAgreement(try Graph.net(depth: 3, rule))
    let depths = [6, 26]
    let schedules = try depths.map {
      try Plan(Graph.net(depth: $0, rule), for: ReferenceBackend()).schedule
    }
    // Each layer keeps its result, 2 x 80 numbers, but not the gradient of its weights, 80 x 80.
    let growth = schedules[1].arenaByteCount - schedules[0].arenaByteCount
    #expect(growth <= (depths[1] - depths[0]) * 2 * (2 * 80 * 4))
    for schedule in schedules { #expect(!schedule.instructions.contains { $0.label == "assign" }) }
  }

  @Test func `a parameter and the moments of its gradient are made in one pass`() throws {
    let graph = try Graph.net(depth: 3, .moments)
    let updates = try Plan(graph, for: ReferenceBackend()).schedule.instructions.filter {
      $0.kernel.name == "map" && $0.results.contains { $0.dims == [80, 80] }
    }
    #expect(updates.map(\.results.count) == [3, 3, 3], "\(updates.map(\.label))")
  }

  @Test(arguments: [(1024, ["matmul"]), (64, ["matmul", "map"])])
  func `a large gradient is used where it is made`(_ width: Int, _ names: [String]) throws {
    var graph = Graph()
    let w = Variable(path: "w", tensor: try Tensor(zeros: [width, width], .f32))
    let x = try graph.variable("x", [width, 2])
    let dy = try graph.variable("dy", [2, width])
    let gradient = try graph.apply("matmul", [x, dy])
    try graph.assign(graph.apply("subtract", [graph.variable(w), gradient]), to: w)
    let instructions = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    #expect(instructions.map(\.kernel.name) == names, "\(instructions.map(\.label))")
    try expectAgreement(graph, on: Backends.processors)
  }

  @Test func `two variables become what the other was`() throws {
    var graph = Graph()
    let (a, b) = (try Graph.matrix("a", 1), try Graph.matrix("b", 2))
    let (oldA, oldB) = (graph.variable(a), graph.variable(b))
    try graph.assign(graph.apply("tanh", [oldB]), to: a)
    try graph.assign(graph.apply("matmul", [oldA, oldB]), to: b)
    try expectAgreement(graph)
  }

  @Test func `what reads a parameter after its gradient is made sees the old value`() throws {
    var graph = Graph()
    let w = try Graph.matrix("w", 1)
    let x = try graph.variable("x", [1, 80])
    let y = try graph.apply("tanh", [graph.apply("matmul", [x, graph.variable(w)])])
    let loss = try graph.apply("sum", [y], ["axes": .axes([0, 1])])
    let gradient = try graph.gradient(of: loss, withRespectTo: [graph.variable(w)])[0]
    let step = try graph.apply("multiply", [gradient, graph.constant(0.1)])
    let next = try graph.apply("subtract", [graph.variable(w), step])
    try graph.assign(next, to: w)
    let later = try graph.apply("matmul", [graph.apply("tanh", [gradient]), graph.variable(w)])
    graph.outputs = [loss, later, try graph.apply("matmul", [x, next])]
    try expectAgreement(graph)
  }
}

/// How parameters move.
private enum Rule: CaseIterable {
  /// By their gradients.
  case plain
  /// By two sums of gradients, one of the other.
  case moments
  /// By gradients times the lengths of both.
  case lengths
}

extension Graph {
  fileprivate static func matrix(_ name: String, _ seed: Int) throws -> Variable {
    let numbers = (0..<6400).map { Double(($0 * 37 + seed * 11) % 64) / 128 - 0.25 }
    return Variable(path: name, tensor: try Tensor(numbers, shape: [80, 80]))
  }

  /// A step of training: weights of 80 x 80 and tanh, `depth` times.
  fileprivate static func net(depth: Int, _ rule: Rule) throws -> Graph {
    var graph = Graph()
    let weights = try (0..<depth).map { try matrix("w\($0)", $0) }
    var x = try graph.variable("x", [2, 80])
    for w in weights {
      x = try graph.apply("tanh", [graph.apply("matmul", [x, graph.variable(w)])])
    }
    let loss = try graph.apply("sum", [x], ["axes": .axes([0, 1])])
    let gradients = try graph.gradient(
      of: loss, withRespectTo: weights.map { graph.variable($0) })
    for (index, (w, gradient)) in zip(weights, gradients).enumerated() {
      var change = gradient
      switch rule {
      case .plain: break
      case .moments:
        for name in ["m", "v"] {
          let kept = try matrix("\(name)\(index)", index + 5)
          change = try graph.apply(
            "add", [graph.apply("multiply", [graph.variable(kept), graph.constant(0.9)]), change])
          try graph.assign(change, to: kept)
        }
      case .lengths:
        for value in [graph.variable(w), gradient] {
          let square = try graph.apply("multiply", [value, value])
          let length = try graph.apply(
            "sqrt", [graph.apply("sum", [square], ["axes": .axes([0, 1])])])
          change = try graph.apply("multiply", [change, length])
        }
      }
      let step = try graph.apply("multiply", [change, graph.constant(0.01)])
      try graph.assign(graph.apply("subtract", [graph.variable(w), step]), to: w)
    }
    graph.outputs = [loss]
    return graph
  }
}
