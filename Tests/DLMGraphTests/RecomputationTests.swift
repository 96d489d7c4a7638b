import DLMCPU
import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct RecomputationTests {
  /// The gradients of a deep network in its input or also in its weights, every five layers a part that
  /// is computed again where that is asked for.
  private func gradients(recomputing: Bool, toAll: Bool) throws -> Graph {
    var graph = Graph()
    var numbers = Numbers(seed: 1)
    func drawn(_ path: String, _ shape: Shape) throws -> NodeID {
      let tensor = try Sample.Operand.uniform(shape, in: -0.2...0.2)
        .drawn(from: &numbers, reals: .f32)
      return graph.variable(Variable(path: path, tensor: tensor))
    }
    let matmul = try #require(Operator.named("matmul"))
    let tanh = try #require(Operator.named("tanh"))
    let x = try drawn("x", [32, 48])
    var inputs = [x]
    var h = x
    for part in 0..<5 {
      let mark = graph.nodes.count
      for layer in 0..<5 {
        let w = try drawn("w\(part).\(layer)", [48, 48])
        inputs.append(w)
        h = try graph.apply(tanh, to: [try graph.apply(matmul, to: [h, w])])
      }
      if recomputing {
        h = try graph.recomputed(h, since: mark, stream: UInt64(mark))
      }
    }
    let sum = try graph.apply(#require(Operator.named("sum")), to: [h], ["axes": .axes([0, 1])])
    graph.outputs = try graph.gradient(of: sum, withRespectTo: toAll ? inputs : [x])
    return graph
  }

  @Test func `recomputation makes the arena smaller and leaves the gradients what they are`() throws
  {
    let backend = try CPUBackend(threads: 1)
    let peaks = try [false, true].map {
      try Plan.peakBytes(of: gradients(recomputing: $0, toAll: false), for: backend)
    }
    #expect(Double(peaks[1]) < 0.6 * Double(peaks[0]), "\(peaks)")
    let first = try Outcome(of: gradients(recomputing: false, toAll: true), on: backend)
    let second = try Outcome(of: gradients(recomputing: true, toAll: true), on: backend)
    #expect(first.tensors.count == 26)
    #expect(first.bits == second.bits)
    #expect(first.tensors.allSatisfy { $0.values.contains { $0 != 0 } })
  }

  @Test func `a recomputed part can be differentiated twice`() throws {
    var values: [[Double]] = []
    for recomputing in [false, true] {
      var graph = Graph()
      let tensor = try Tensor([0.3, -0.7], shape: [2], .f64)
      let x = graph.variable(Variable(path: "x", tensor: tensor))
      var y = try graph.apply(#require(Operator.named("sin")), to: [x])
      y = try graph.apply(#require(Operator.named("multiply")), to: [y, x])
      if recomputing { y = try graph.recomputed(y, since: 1, stream: 1) }
      let sum = try #require(Operator.named("sum"))
      let all: Attributes = ["axes": .axes([0])]
      let slope = try graph.gradient(of: graph.apply(sum, to: [y], all), withRespectTo: [x])[0]
      let bend = try graph.gradient(of: graph.apply(sum, to: [slope], all), withRespectTo: [x])[0]
      values.append(try graph.evaluateNaively([slope, bend]).flatMap(\.values))
    }
    #expect(values[0] == values[1])
  }

  @Test func `a product is stored where it is wanted beside what is made of it`() throws {
    var graph = Graph()
    var numbers = Numbers(seed: 2)
    let operands = try (0..<2).map { index in
      graph.variable(
        Variable(
          path: "\(index)",
          tensor: try Sample.Operand.uniform([3, 3], in: -1...1).drawn(from: &numbers, reals: .f32))
      )
    }
    let product = try graph.apply(#require(Operator.named("matmul")), to: operands)
    let after = try graph.apply(#require(Operator.named("sigmoid")), to: [product])
    graph.outputs = [product, after]
    try expectAgreement(graph)
  }
}
