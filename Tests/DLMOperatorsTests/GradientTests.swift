import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct GradientTests {
  /// Inputs of the sample that have slopes: real numbers, and not beyond `stop_gradient`, whose whole
  /// point is to differ from its slope.
  private func realInputs(_ sample: Case, _ operands: [Variable]) -> [Int] {
    guard sample.op.lowering != .stopGradient else { return [] }
    return operands.indices.filter { operands[$0].tensor.elementType.isFloatingPoint }
  }

  @Test(arguments: Case.all)
  func `gradients agree with finite differences`(_ sample: Case) throws {
    var (graph, operands, inputs, result) = try sample.recorded()
    guard graph[result].elementType.isFloatingPoint else {
      // Whole numbers and booleans have no slopes, and none is declared; `cast` goes both ways.
      #expect(sample.op.gradients.isEmpty || sample.op.lowering == .cast)
      return
    }
    let value = try graph.weighted(result, seed: 3)
    let gradients = try graph.gradient(of: value, withRespectTo: inputs)
    for index in realInputs(sample, operands) {
      #expect(graph[gradients[index]].shape == graph[inputs[index]].shape)
      try expectSlopes(
        of: value, in: operands[index], gradients[index], graph,
        "\(sample.testDescription) in \(index)")
    }
  }

  @Test(arguments: Case.differentiable)
  func `second gradients agree with finite differences`(_ sample: Case) throws {
    var (graph, operands, inputs, result) = try sample.recorded()
    guard graph[result].elementType.isFloatingPoint else { return }  // as above
    let value = try graph.weighted(result, seed: 3)
    let first = try graph.gradient(of: value, withRespectTo: inputs)
    for (outer, gradient) in first.enumerated()
    where realInputs(sample, operands).contains(outer) {
      let slope = try graph.weighted(gradient, seed: UInt64(5 + outer))
      let second = try graph.gradient(of: slope, withRespectTo: inputs)
      for index in realInputs(sample, operands) {
        try expectSlopes(
          of: slope, in: operands[index], second[index], graph,
          "\(sample.testDescription) in \(outer), \(index)")
      }
    }
  }

  @Test func `what a result does not depend on gets zeros`() throws {
    var graph = Graph()
    let x = graph.variable(Variable(path: "x", tensor: try Tensor([1, 2], shape: [2], .f64)))
    let z = graph.variable(Variable(path: "z", tensor: try Tensor([3], shape: [1])))
    let stopped = try graph.apply(#require(Operator.named("stop_gradient")), to: [x])
    let sum = try graph.apply(
      #require(Operator.named("sum")), to: [stopped], ["axes": .axes([0])])
    let gradients = try graph.gradient(of: sum, withRespectTo: [x, z])
    #expect(try graph.evaluateNaively(gradients).map(\.values) == [[0, 0], [0]])
    #expect(graph[gradients[1]].elementType == .f32)
  }

  @Test func `nothing is recorded for operands that lead to no target`() throws {
    var graph = Graph()
    let window: Attributes = [
      "window": .window(
        Window(size: [2], stride: [1], low: [0], high: [0], dilation: [1])),
      "groups": .dim(1),
    ]
    let x = graph.variable(Variable(path: "x", tensor: try Tensor(zeros: [1, 1, 3])))
    let w = graph.variable(Variable(path: "w", tensor: try Tensor(zeros: [1, 1, 2])))
    let y = try graph.apply(#require(Operator.named("convolve")), to: [x, w], window)
    let sum = try graph.apply(
      #require(Operator.named("sum")), to: [y], ["axes": .axes([0, 1, 2])])
    _ = try graph.gradient(of: sum, withRespectTo: [w])
    let recorded = graph.nodes.compactMap { node -> String? in
      guard case .apply(let op, _, _) = node.source else { return nil }
      return op.name
    }
    #expect(recorded.contains("convolve_weight_gradient"))
    #expect(!recorded.contains("convolve_input_gradient"))
  }

  @Test func `gradients of all uses add up, inside a chain of targets too`() throws {
    var graph = Graph()
    let x = graph.variable(Variable(path: "x", tensor: try Tensor([3], shape: [], .f64)))
    let multiply = try #require(Operator.named("multiply"))
    let square = try graph.apply(multiply, to: [x, x])
    let cube = try graph.apply(multiply, to: [square, x])
    let gradients = try graph.gradient(of: cube, withRespectTo: [x, square, cube])
    #expect(try graph.evaluateNaively(gradients).map { $0[0] } == [27, 3, 1])
  }

  @Test func `a seed takes the place of the gradient of a scalar`() throws {
    var graph = Graph()
    let x = graph.variable(Variable(path: "x", tensor: try Tensor([1, 2], shape: [2], .f64)))
    let seed = graph.variable(Variable(path: "s", tensor: try Tensor([5, 7], shape: [2], .f64)))
    let y = try graph.apply(#require(Operator.named("multiply")), to: [x, x])
    let gradient = try graph.gradient(of: y, withRespectTo: [x], seed: seed)
    #expect(try graph.evaluateNaively(gradient)[0].values == [10, 28])
    #expect(throws: DifferentiationError.notScalar([2])) {
      try graph.gradient(of: y, withRespectTo: [x])
    }
  }

  @Test func `equal largest elements share the gradient`() throws {
    var graph = Graph()
    let x = graph.variable(Variable(path: "x", tensor: try Tensor([4, 1, 4], shape: [3], .f64)))
    let y = try graph.apply(#require(Operator.named("max")), to: [x], ["axes": .axes([0])])
    let gradient = try graph.gradient(of: y, withRespectTo: [x])
    #expect(try graph.evaluateNaively(gradient)[0].values == [0.5, 0, 0.5])
  }

  @Test func `squares have their slopes at zero`() throws {
    var graph = Graph()
    let x = graph.variable(Variable(path: "x", tensor: try Tensor([0], shape: [], .f64)))
    let two = graph.constant(2, [], .f64)
    let y = try graph.apply(#require(Operator.named("power")), to: [x, two])
    let first = try graph.gradient(of: y, withRespectTo: [x])
    let second = try graph.gradient(of: first[0], withRespectTo: [x])
    #expect(try graph.evaluateNaively(first + second).map { $0[0] } == [0, 2])
  }
}
