import DLMGraph
import DLMOperators
import DLMTensor

/// Plans of graphs by their structure: a loop in plain code plans its first turn and replays the
/// others.
///
/// Numbers of the text are part of a plan. Where a graph comes again with other numbers, such as
/// those of a rate that falls from turn to turn, they become variables of one plan for all.
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
  /// Bytes of a plan that is kept only when its graph comes again: data are made once.
  private static let largeByteCount = 1 << 22
  private let backend: any Backend
  private var plans: [Key: Plan] = [:]
  /// Structures that have been met, whatever their numbers.
  private var met: Set<Key> = []

  init(for backend: any Backend) { self.backend = backend }

  /// Runs `graph`, which assigns nothing.
  ///
  /// - Returns: the values of its outputs, in memory of their own.
  func run(_ graph: Graph, seed: UInt64, isCancelled: (@Sendable () -> Bool)?) throws -> [Tensor] {
    let (plan, isKept) = try plan(graph)
    plan.isCancelled = isCancelled
    try plan.run(seed: seed)
    return isKept ? try plan.outputs.map { try $0.copied() } : plan.outputs
  }

  private func plan(_ graph: Graph) throws -> (Plan, isKept: Bool) {
    var variables: [Variable] = []
    let key = Self.key(of: graph, &variables)
    if let known = plans[key] {
      known.rebind(variables)
      return (known, true)
    }
    if let open = try graph.withNumbersAsVariables() {
      var variables: [Variable] = []
      let structure = Self.key(of: open, &variables)
      if let known = plans[structure] {
        known.rebind(variables)
        return (known, true)
      }
      if !met.insert(structure).inserted { return try plan(open, structure) }
    }
    return try plan(graph, key)
  }

  private func plan(_ graph: Graph, _ key: Key) throws -> (Plan, isKept: Bool) {
    if plans.count >= Self.limit { (plans, met) = ([:], []) }
    let plan = try Plan(graph, for: backend)
    let isKept = plan.heldByteCount < Self.largeByteCount || !met.insert(key).inserted
    if isKept { plans[key] = plan }
    return (plan, isKept)
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

extension Graph {
  /// The graph with a variable for each number that its text says; `nil` where it says none.
  fileprivate func withNumbersAsVariables() throws -> Graph? {
    var open = Graph()
    var places: [NodeID] = []
    var count = 0
    for node in nodes {
      if case .apply(let operation, _, let attributes) = node.source,
        operation === Operator.constant,
        node.shape.dims.isEmpty, case .real(let value)? = attributes["value"]
      {
        let tensor = try Tensor([value], shape: [], node.elementType)
        places.append(open.variable(Variable(path: "", tensor: tensor)))
        count += 1
      } else {
        places.append(open.copy(node, operands: node.operands.map { places[Int($0.index)] }))
      }
    }
    open.outputs = outputs.map { places[Int($0.index)] }
    return count == 0 ? nil : open
  }
}
