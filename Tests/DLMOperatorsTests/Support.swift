import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import Testing

/// One sample of one operator, for parameterised tests.
struct Case: Sendable, CustomTestStringConvertible {
  let op: Operator
  let position: Int

  var sample: Sample { op.samples[position] }
  var testDescription: String { "\(op.name) \(position)" }

  static let all = Operator.all.flatMap { op in
    op.samples.indices.map { Case(op: op, position: $0) }
  }

  /// Those whose operator declares a gradient.
  static let differentiable = all.filter { !$0.op.gradients.isEmpty }

  /// A graph with the sample's operands as variables, reals in double precision.
  func recorded() throws -> (graph: Graph, operands: [Variable], inputs: [NodeID], result: NodeID) {
    var graph = Graph()
    var numbers = Numbers(seed: UInt64(position + 1))
    let operands = try sample.operands.enumerated().map {
      Variable(path: "operand\($0)", tensor: try $1.drawn(from: &numbers))
    }
    let inputs = operands.map { graph.variable($0) }
    let result = try graph.apply(op, to: inputs, sample.attributes)
    return (graph, operands, inputs, result)
  }
}

extension Operator: CustomTestStringConvertible {
  package var testDescription: String { name }
}

/// Repeatable numbers.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  /// In 0..<1.
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}

extension Sample.Operand {
  func drawn(from numbers: inout Numbers) throws -> Tensor {
    switch self {
    case .uniform(let shape, let range):
      let values = (0..<shape.count).map { _ in
        range.lowerBound + numbers.next() * (range.upperBound - range.lowerBound)
      }
      return try Tensor(values, shape: shape, .f64)
    case .indices(let shape, let range):
      let values = (0..<shape.count).map { _ in
        Double(range.lowerBound + Int(numbers.next() * Double(range.count)))
      }
      return try Tensor(values, shape: shape, .i32)
    case .flags(let shape):
      return try Tensor(
        (0..<shape.count).map { _ in numbers.next() < 0.5 ? 1 : 0 }, shape: shape, .bool)
    case .reals(let shape, let values): return try Tensor(values, shape: shape, .f64)
    }
  }
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
