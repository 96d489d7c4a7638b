import DLMGraph
import DLMOperators
import DLMTensor

/// Plans of graphs by their structure: a loop in plain code plans its first turn and replays the others.
final class PlanCache {
  private struct Key: Hashable {
    enum Entry: Hashable {
      case variable(Int, Shape, ElementType)
      case apply(ObjectIdentifier, [NodeID], Attributes)
      case input(Int, Shape, ElementType)
      case loop(Key, [Loop.Role], length: Int, isReversed: Bool, [NodeID])
      case part(NodeID, Int)
    }

    var entries: [Entry] = []
    var outputs: [NodeID]
  }

  /// Plans kept; beyond that the cache starts anew.
  private static let limit = 128
  private let backend: any Backend
  private var plans: [Key: Plan] = [:]

  init(for backend: any Backend) { self.backend = backend }

  /// Runs `graph`, which assigns nothing.
  ///
  /// - Returns: the values of its outputs, in memory of their own.
  func run(_ graph: Graph, seed: UInt64) throws -> [Tensor] {
    var variables: [Variable] = []
    let key = Self.key(of: graph, &variables)
    let plan: Plan
    if let known = plans[key] {
      plan = known
      plan.rebind(variables)
    } else {
      if plans.count >= Self.limit { plans = [:] }
      plan = try Plan(graph, for: backend)
      plans[key] = plan
    }
    try plan.run(seed: seed)
    return try plan.outputs.map { try $0.copied() }
  }

  /// What two graphs have in common that differ only in their variables, which are numbered.
  private static func key(of graph: Graph, _ variables: inout [Variable]) -> Key {
    var key = Key(outputs: graph.outputs)
    var numbers: [ObjectIdentifier: Int] = [:]
    for node in graph.nodes {
      switch node.source {
      case .variable(let variable):
        let number = numbers[ObjectIdentifier(variable)] ?? variables.count
        if number == variables.count { variables.append(variable) }
        numbers[ObjectIdentifier(variable)] = number
        key.entries.append(.variable(number, node.shape, node.elementType))
      case .apply(let operation, let operands, let attributes):
        key.entries.append(.apply(ObjectIdentifier(operation), operands, attributes))
      case .input(let number):
        key.entries.append(.input(number, node.shape, node.elementType))
      case .loop(let loop, let operands):
        key.entries.append(
          .loop(
            Self.key(of: loop.body, &variables), loop.roles, length: loop.length,
            isReversed: loop.isReversed, operands))
      case .part(let loop, let index): key.entries.append(.part(loop, index))
      }
    }
    return key
  }
}
