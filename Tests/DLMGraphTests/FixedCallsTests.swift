import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// What reads nothing that a run is given is computed by the first run only.
@Suite struct FixedCallsTests {
  /// `lower(ones) x` for other x each time.
  @Test(arguments: Backends.all.indices)
  func `a mask is made once, and later runs find it`(_ number: Int) throws {
    var graph = Graph()
    let x = try graph.variable("x", [6, 6])
    let ones = graph.constant(1, [6, 6])
    let mask = try graph.apply(#require(Operator.named("lower")), to: [ones], [:])
    graph.outputs = [try graph.apply(#require(Operator.named("matmul")), to: [mask, x], [:])]
    let plan = try Plan(graph, for: Backends.all[number])
    #expect(plan.schedule.fixedCount > 0)
    #expect(plan.schedule.fixedCount < plan.schedule.instructions.count)
    let input = plan.variables[0].tensor
    for run in 1...3 {
      for place in 0..<36 { input[place] = Double(run * place % 7) }
      try plan.run()
      for row in 0..<6 {
        for column in 0..<6 {
          let expected = (0...row).reduce(0.0) { $0 + Double(run * (6 * $1 + column) % 7) }
          #expect(plan.outputs[0][6 * row + column] == expected)
        }
      }
    }
  }

  @Test func `draws and what variables give are made at every run`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [4])
    let noise = try graph.apply(
      #require(Operator.named("uniform")), to: [],
      ["dims": .dims([4]), "stream": .stream(1)])
    graph.outputs = [try graph.apply(#require(Operator.named("add")), to: [x, noise], [:])]
    #expect(try Plan(graph, for: ReferenceBackend()).schedule.fixedCount == 0)
  }
}
