import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct OperatorPlanTests {
  @Test(arguments: Case.all, [ElementType.f32, .f64])
  func `a plan of one operator computes what the operator means`(
    _ sample: Case, _ type: ElementType
  )
    throws
  {
    var (graph, _, _, result) = try sample.recorded(reals: type)
    graph.outputs = [result]
    try expectAgreement(graph)
  }

  @Test(arguments: Case.differentiable)
  func `plans of gradients and second gradients agree`(_ sample: Case) throws {
    var (graph, _, inputs, result) = try sample.recorded(reals: .f32)
    guard graph[result].elementType.isFloatingPoint else { return }  // `cast` to whole numbers
    let value = try graph.weighted(result)
    let first = try graph.gradient(of: value, withRespectTo: inputs)
    graph.outputs = [result, value] + first
    for gradient in first where graph[gradient].elementType.isFloatingPoint {
      let slope = try graph.weighted(gradient)
      graph.outputs += try graph.gradient(of: slope, withRespectTo: inputs)
    }
    try expectAgreement(graph)
  }
}

extension Graph {
  /// The sum of `node` times weights that differ: a scalar that every element counts in.
  fileprivate mutating func weighted(_ node: NodeID) throws -> NodeID {
    var numbers = Numbers(seed: 3)
    let shape = self[node].shape
    let weights = try Sample.Operand.uniform(shape, in: 0.5...1.5)
      .drawn(from: &numbers, reals: self[node].elementType)
    let factor = variable(Variable(path: "weights", tensor: weights))
    let product = try apply(#require(Operator.named("multiply")), to: [node, factor])
    return try apply(
      #require(Operator.named("sum")), to: [product], ["axes": .axes(Array(0..<shape.rank))])
  }
}
