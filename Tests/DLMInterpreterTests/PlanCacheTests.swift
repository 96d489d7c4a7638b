import DLMCPU
import DLMGraph
import DLMOperators
import DLMTensor
import Testing

@testable import DLMInterpreter

@Suite struct PlanCacheTests {
  /// Small plans are kept at once, large ones when they come again: either way results stay what they are.
  @Test(arguments: [10, 1 << 20])
  func `results of one run are not changed by the next`(_ count: Int) throws {
    let x = Variable(path: "x", tensor: try Tensor(zeros: [count]))
    var graph = Graph()
    let node = graph.variable(x)
    graph.outputs = [try graph.apply(#require(Operator.named("exp")), to: [node])]
    let cache = PlanCache(for: try CPUBackend(threads: 1))
    var results: [Tensor] = []
    for turn in 0..<4 {
      let next = try Tensor(zeros: [count])
      next[count - 1] = Double(turn) * 50 - 100
      x.tensor = next
      results.append(try cache.run(graph, seed: 0, isCancelled: nil)[0])
    }
    for (turn, result) in results.enumerated() {
      #expect(result[0] == 1)
      #expect((result[count - 1] > 1e20) == (turn == 3))
      #expect((result[count - 1] == 1) == (turn == 2))
    }
  }
}
