import DLMOperators
import DLMShapes
import DLMTensor

/// A body that runs once for each place along the first axis of some operands: a recurrence.
///
/// A node `.loop` has no value of its own; its parts have: of `n` carried inputs, part `i` is the
/// value of the i-th after the last place, part `n + i` all its values `[length + 1, ...]`, the first
/// one included, and part `2 n + j` what the body emits at every place, `[length, ...]`. Parts that
/// nothing reads cost nothing.
package final class Loop: Sendable {
  package typealias Role = LoopKernel.Role

  /// Reads `.input(i)` nodes; gives the next values of the carried inputs, then what it emits.
  package let body: Graph
  /// What each input is, in the order of the node's operands.
  package let roles: [Role]
  package let length: Int
  /// Places are visited from the last to the first.
  package let isReversed: Bool

  package init(body: Graph, roles: [Role], length: Int, isReversed: Bool) {
    self.body = body
    self.roles = roles
    self.length = length
    self.isReversed = isReversed
  }

  package var carriedCount: Int { roles.count { $0 == .carried } }
  /// Next values of the carried inputs.
  var next: ArraySlice<NodeID> { body.outputs.prefix(carriedCount) }
  var emissions: ArraySlice<NodeID> { body.outputs.dropFirst(carriedCount) }

  /// The same loop with one more emission.
  func emitting(_ node: NodeID) -> Loop {
    var body = body
    body.outputs.append(node)
    return Loop(body: body, roles: roles, length: length, isReversed: isReversed)
  }
}

extension Loop: Hashable {
  package static func == (a: Loop, b: Loop) -> Bool { a === b }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A recurrence as it is walked once, before it is decided what of it need not run at every place.
package struct LoopDraft {
  package struct Input {
    package var role: Loop.Role
    /// In the graph around: the first value, all elements side by side along a first axis, or the value.
    package var operand: NodeID

    package init(_ role: Loop.Role, _ operand: NodeID) {
      self.role = role
      self.operand = operand
    }
  }

  package struct Result {
    /// A node of the body.
    package var node: NodeID
    /// The sum over all places is wanted, not each.
    package var isSummed: Bool

    package init(_ node: NodeID, isSummed: Bool = false) {
      self.node = node
      self.isSummed = isSummed
    }
  }

  package var body = Graph()
  /// What the `.input` nodes of the body stand for.
  package var inputs: [Input] = []
  /// Next values of the carried inputs, in their order.
  package var next: [NodeID] = []
  package var results: [Result] = []
  package var length: Int
  package var isReversed = false

  package init(length: Int) { self.length = length }

  /// A new input of the body: what `operand` of `graph` is at a place.
  package mutating func input(_ role: Loop.Role, _ operand: NodeID, in graph: Graph) -> NodeID {
    inputs.append(Input(role, operand))
    let node = graph[operand]
    let shape = role == .element ? Shape(Array(node.shape.dims.dropFirst())) : node.shape
    return body.input(inputs.count - 1, shape, node.elementType)
  }
}

extension Graph {
  /// The value of part `index` of loop `node`.
  mutating func part(_ index: Int, of node: NodeID) -> NodeID {
    guard case .loop(let loop, _) = self[node].source else {
      preconditionFailure("only loops have parts")
    }
    let count = loop.carriedCount
    let output = loop.body[loop.body.outputs[index < 2 * count ? index % count : index - count]]
    var dims = output.shape.dims
    if index >= count { dims.insert(index < 2 * count ? loop.length + 1 : loop.length, at: 0) }
    return append(
      Node(source: .part(node, index), shape: Shape(dims), elementType: output.elementType))
  }

  /// What `inner`, a node of the body of loop `node`, is at every place: `[length, ...]`.
  mutating func emission(of inner: NodeID, from node: NodeID) -> NodeID {
    guard case .loop(let loop, let operands) = self[node].source else {
      preconditionFailure("only loops emit")
    }
    let first = 2 * loop.carriedCount
    if let known = loop.emissions.firstIndex(of: inner) {
      return part(first + known - loop.carriedCount, of: node)
    }
    replaceLoop(node, by: .loop(loop.emitting(inner), operands))
    return part(first + loop.emissions.count, of: node)
  }

  /// What carried input `index` of loop `node` is at every place, before it or after.
  mutating func carried(_ index: Int, of node: NodeID, isAfter: Bool)
    throws(InferenceFailure) -> NodeID
  {
    guard case .loop(let loop, _) = self[node].source else {
      preconditionFailure("only loops carry")
    }
    let history = part(loop.carriedCount + index, of: node)
    return try places(of: history, from: isAfter != loop.isReversed ? 1 : 0, count: loop.length)
  }

  /// `count` places of the first axis.
  mutating func places(of node: NodeID, from start: Int, count: Int) throws(InferenceFailure)
    -> NodeID
  {
    var dims = self[node].shape.dims
    let rank = dims.count
    dims[0] = count
    return try apply(
      .slice, to: [node],
      [
        "starts": .dims([Dim(start)] + [Dim](repeating: 0, count: rank - 1)),
        "dims": .dims(dims.map { Dim($0) }),
        "steps": .dims([Dim](repeating: 1, count: rank)),
      ])
  }
}
