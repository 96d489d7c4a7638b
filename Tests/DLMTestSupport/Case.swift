import DLMGraph
import DLMOperators
import DLMTensor

/// One sample of one operator, for parameterised tests.
package struct Case: Sendable {
  package let op: Operator
  package let position: Int

  package var sample: Sample { op.samples[position] }
  package var name: String { "\(op.name) \(position)" }

  package static let all = Operator.all.flatMap { op in
    op.samples.indices.map { Case(op: op, position: $0) }
  }

  /// Those whose operator declares a gradient.
  package static let differentiable = all.filter { !$0.op.gradients.isEmpty }

  /// A graph with the sample's operands as variables.
  ///
  /// - Parameter reals: the element type of operands that are real numbers.
  package func recorded(reals: ElementType = .f64) throws -> (
    graph: Graph, operands: [Variable], inputs: [NodeID], result: NodeID
  ) {
    var graph = Graph()
    var numbers = Numbers(seed: UInt64(position + 1))
    let operands = try sample.operands.enumerated().map {
      Variable(path: "operand\($0)", tensor: try $1.drawn(from: &numbers, reals: reals))
    }
    let inputs = operands.map { graph.variable($0) }
    let result = try graph.apply(op, to: inputs, sample.attributes)
    return (graph, operands, inputs, result)
  }
}

/// Repeatable numbers.
package struct Numbers {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  /// In 0..<1.
  package mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }

  /// In `range`.
  package mutating func whole(_ range: Range<Int>) -> Int {
    range.lowerBound + Int(next() * Double(range.count))
  }
}

extension Sample.Operand {
  /// - Parameter reals: the element type of real numbers.
  package func drawn(from numbers: inout Numbers, reals: ElementType = .f64) throws -> Tensor {
    switch self {
    case .uniform(let shape, let range):
      let values = (0..<shape.count).map { _ in
        range.lowerBound + numbers.next() * (range.upperBound - range.lowerBound)
      }
      return try Tensor(values, shape: shape, reals)
    case .indices(let shape, let range):
      let values = (0..<shape.count).map { _ in Double(numbers.whole(range)) }
      return try Tensor(values, shape: shape, .i32)
    case .flags(let shape):
      return try Tensor(
        (0..<shape.count).map { _ in numbers.next() < 0.5 ? 1 : 0 }, shape: shape, .bool)
    case .reals(let shape, let values): return try Tensor(values, shape: shape, reals)
    }
  }
}
