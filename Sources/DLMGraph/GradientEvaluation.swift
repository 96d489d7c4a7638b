import DLMOperators
import DLMShapes
import DLMTensor

/// Records the declared gradient of one operand of one node.
///
/// Names are operands, attributes, `y`, `dy` and, for a variadic operator, `before`: where the
/// operand begins in the result. Calls are operators, attributes given by label, and `shape(x)`,
/// `type(x)`, `undone(axes)` (of a permutation) and `swapped(x)` (axes of `x`, the last two
/// exchanged), `last(x)`, `before_last(x)` and `last_two(x)` (axes of `x`), `length(x)` (of the last).
struct GradientEvaluation {
  let op: Operator
  let operands: [NodeID]
  /// Which operand the gradient is for; the name of a variadic operand stands for it.
  let position: Int
  let attributes: Attributes
  let y: NodeID
  let dy: NodeID

  /// Functions of a formula that are not operators.
  static let functions: Set = [
    "shape", "type", "undone", "swapped", "last", "before_last", "last_two", "length",
  ]

  private enum Value {
    case node(NodeID)
    /// A number that has not met a tensor yet, and takes its element type then.
    case number(Double)
    case attribute(Attribute)
  }

  /// The node that `formula` records.
  mutating func node(_ formula: Formula, in graph: inout Graph) throws(DifferentiationError)
    -> NodeID
  {
    let value = try evaluate(formula, in: &graph)
    return try node(value, like: graph[dy].elementType, in: &graph)
  }

  private mutating func evaluate(_ formula: Formula, in graph: inout Graph)
    throws(DifferentiationError) -> Value
  {
    switch formula {
    case .number(let value): return .number(value)
    case .name(let name): return try value(of: name, in: graph)
    case .negate(let operand):
      let value = try evaluate(operand, in: &graph)
      if case .number(let number) = value { return .number(-number) }
      return try record("negate", [value], [:], in: &graph)
    case .apply(let operation, let a, let b):
      let (x, y) = (try evaluate(a, in: &graph), try evaluate(b, in: &graph))
      switch operation {
      case .add: return try record("add", [x, y], [:], in: &graph)
      case .subtract: return try record("subtract", [x, y], [:], in: &graph)
      case .multiply: return try record("multiply", [x, y], [:], in: &graph)
      case .divide: return try record("divide", [x, y], [:], in: &graph)
      case .modulo: return try record("modulo", [x, y], [:], in: &graph)
      case .power: return try record("power", [x, y], [:], in: &graph)
      case .less: return try record("less", [x, y], [:], in: &graph)
      case .lessEqual: return try record("less_equal", [x, y], [:], in: &graph)
      case .greater: return try record("less", [y, x], [:], in: &graph)
      case .greaterEqual: return try record("less_equal", [y, x], [:], in: &graph)
      case .equal: return try record("equal", [x, y], [:], in: &graph)
      case .notEqual: return try record("not_equal", [x, y], [:], in: &graph)
      case .floorDivide: throw failure("`div` is for dims")
      }
    case .call(let name, let arguments): return try call(name, arguments, in: &graph)
    }
  }

  private func value(of name: String, in graph: Graph) throws(DifferentiationError) -> Value {
    switch name {
    case "y": return .node(y)
    case "dy": return .node(dy)
    case "before" where op.signature.isVariadic:
      let axis = attributes.axis()
      var starts = [Dim](repeating: 0, count: graph[y].shape.rank)
      for operand in operands.prefix(position) {
        starts[axis] = starts[axis] + Dim(graph[operand].shape[axis])
      }
      return .attribute(.dims(starts))
    default:
      if let index = op.signature.operands.firstIndex(where: { $0.name == name }) {
        return .node(operands[op.signature.isVariadic ? position : index])
      }
      guard let attribute = attributes[name] else { throw failure("there is no `\(name)`") }
      return .attribute(attribute)
    }
  }

  private mutating func call(
    _ name: String, _ arguments: [Formula.Argument], in graph: inout Graph
  ) throws(DifferentiationError) -> Value {
    var operands: [Value] = []
    var told: Attributes = [:]
    for argument in arguments {
      let value = try evaluate(argument.value, in: &graph)
      if let label = argument.label {
        told[label] = try attribute(value)
      } else {
        operands.append(value)
      }
    }
    if Self.functions.contains(name) {
      guard operands.count == 1, told.entries.isEmpty else {
        throw failure("`\(name)` takes one operand")
      }
      return .attribute(try function(name, of: operands[0], in: graph))
    }
    return try record(name, operands, told, in: &graph)
  }

  private func function(_ name: String, of value: Value, in graph: Graph)
    throws(DifferentiationError) -> Attribute
  {
    switch (name, value) {
    case ("shape", .node(let node)): return .dims(graph[node].shape.dims.map { Dim($0) })
    case ("type", .node(let node)): return .elementType(graph[node].elementType)
    case ("swapped", .node(let node)):
      var axes = Array(0..<graph[node].shape.rank)
      guard axes.count >= 2 else { throw failure("`swapped` needs two axes") }
      axes.swapAt(axes.count - 1, axes.count - 2)
      return .axes(axes)
    case ("last", .node(let node)): return .axes([graph[node].shape.rank - 1])
    case ("before_last", .node(let node)): return .axes([graph[node].shape.rank - 2])
    case ("last_two", .node(let node)):
      return .axes([graph[node].shape.rank - 2, graph[node].shape.rank - 1])
    case ("length", .node(let node)): return .dim(Dim(graph[node].shape.dims.last ?? 1))
    case ("undone", .attribute(.axes(let axes))):
      return .axes(axes.indices.sorted { axes[$0] < axes[$1] })
    default: throw failure("`\(name)` cannot be taken of this")
    }
  }

  private mutating func record(
    _ name: String, _ values: [Value], _ told: Attributes, in graph: inout Graph
  ) throws(DifferentiationError) -> Value {
    guard let callee = Operator.named(name) else { throw failure("there is no `\(name)`") }
    // A bare number is of the real type of its company, so that f32 stays f32 and f64 exact.
    let company = values.compactMap { (value) -> ElementType? in
      guard case .node(let node) = value else { return nil }
      let type = graph[node].elementType
      return type.isFloatingPoint ? type : nil
    }.first
    let type = company ?? graph[dy].elementType
    var nodes: [NodeID] = []
    for value in values { nodes.append(try node(value, like: type, in: &graph)) }
    do {
      return .node(try graph.apply(callee, to: nodes, told))
    } catch {
      throw .gradient(op: op.name, error)
    }
  }

  private func node(_ value: Value, like type: ElementType, in graph: inout Graph)
    throws(DifferentiationError) -> NodeID
  {
    switch value {
    case .node(let node): return node
    case .number(let number): return graph.constant(number, [], type)
    case .attribute: throw failure("an attribute is no operand")
    }
  }

  private func attribute(_ value: Value) throws(DifferentiationError) -> Attribute {
    switch value {
    case .attribute(let attribute): return attribute
    case .number(let number): return Int(exactly: number).map { .dim(Dim($0)) } ?? .real(number)
    case .node: throw failure("a tensor is no attribute")
    }
  }

  private func failure(_ reason: String) -> DifferentiationError {
    .formula(op: op.name, reason: reason)
  }
}
