import DLMGraph
import DLMOperators
import DLMTensor
import DLMTestSupport
import Testing

extension Case: CustomTestStringConvertible {
  package var testDescription: String { name }
}

extension Operator: CustomTestStringConvertible {
  package var testDescription: String { name }
}

extension Graph {
  /// The sum of `node` times weights drawn from `seed`: a scalar that every element counts in.
  mutating func weighted(_ node: NodeID, seed: UInt64) throws -> NodeID {
    var numbers = Numbers(seed: seed)
    let shape = self[node].shape
    let weights = try Sample.Operand.uniform(shape, in: 0.5...1.5).drawn(from: &numbers)
    let factor = variable(Variable(path: "weights", tensor: weights))
    let product = try apply(#require(Operator.named("multiply")), to: [node, factor])
    return try apply(
      #require(Operator.named("sum")), to: [product], ["axes": .axes(Array(0..<shape.rank))])
  }

  func scalar(_ node: NodeID) throws -> Double { try evaluateNaively([node])[0][0] }
}

/// Expects the elements of `gradient` to be the slopes of `value` in those of `variable`.
///
/// With a step of 1e-5 the error of a central difference is the third derivative times 2e-11 and
/// rounding some 1e-11: the tolerance of 1e-6 leaves room for values up to a thousand.
func expectSlopes(
  of value: NodeID, in variable: Variable, _ gradient: NodeID, _ graph: Graph, _ name: String
) throws {
  let slopes = try graph.evaluateNaively([gradient])[0]
  let tensor = variable.tensor
  let step = 1e-5
  for index in 0..<tensor.count {
    let original = tensor[index]
    tensor[index] = original + step
    let above = try graph.scalar(value)
    tensor[index] = original - step
    let below = try graph.scalar(value)
    tensor[index] = original
    let slope = (above - below) / (2 * step)
    let size = max(1, abs(slope), abs(slopes[index]))
    #expect(
      abs(slope - slopes[index]) <= 1e-6 * size,
      "\(name) at \(index): \(slopes[index]), by differences \(slope)")
  }
}
