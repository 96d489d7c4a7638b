import DLMGraph
import DLMOperators
import DLMTensor

extension Graph {
  /// A variable of small numbers, always the same for a name.
  package mutating func variable(_ name: String, _ shape: Shape) throws -> NodeID {
    var numbers = Numbers(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
    return variable(
      Variable(
        path: name,
        tensor: try Sample.Operand.uniform(shape, in: -1...1).drawn(from: &numbers, reals: .f32)))
  }
}
