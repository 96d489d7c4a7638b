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
