import DLMOperators
import DLMShapes
import DLMTensor

/// A node of a graph: its index.
package struct NodeID: Hashable, Sendable {
  package let index: Int32

  package init(index: Int32) { self.index = index }
  package init(_ index: Int) { self.index = Int32(index) }
}

/// What a graph reads from outside: parameter, state, field of the batch, run-time number.
///
/// A class because it has identity: two graphs that read the same weights hold the same variable.
/// `@unchecked Sendable`: only the thread that runs plans touches `tensor`.
package final class Variable: @unchecked Sendable {
  /// Path of the instance and the name in it: `net.conv1.w`.
  package let path: String
  package var tensor: Tensor

  package init(path: String, tensor: Tensor) {
    self.path = path
    self.tensor = tensor
  }
}

/// One recorded operation.
package struct Node: Sendable {
  package enum Source: Sendable {
    case variable(Variable)
    case apply(Operator, [NodeID], Attributes)
    /// In the body of a loop: what its input of this number is at a place.
    case input(Int)
    /// A recurrence over its operands; see `Loop`.
    case loop(Loop, [NodeID])
    /// A value that a loop gives.
    case part(NodeID, Int)
  }

  package let source: Source
  package let shape: Shape
  package let elementType: ElementType
  /// In place of the declared gradient, where the program writes its own.
  package var rule: GradientRule?
  /// Line of the program that it was recorded for, from 1 on; 0 where none is known.
  package internal(set) var line = 0

  /// The nodes that it is computed from.
  package var operands: [NodeID] {
    switch source {
    case .variable, .input: []
    case .apply(_, let operands, _), .loop(_, let operands): operands
    case .part(let loop, _): [loop]
    }
  }
}

/// A gradient that the program writes: what follows from the gradient of a value for what it was made of.
///
/// `@unchecked Sendable`: only the thread that records a graph calls it.
package final class GradientRule: @unchecked Sendable {
  package typealias Record = (inout Graph, _ dy: NodeID, _ operands: [NodeID]) throws -> [NodeID]

  /// Records one gradient for each of `operands`, those but the first, of that operand's shape.
  let gradients: Record

  package init(_ gradients: @escaping Record) {
    self.gradients = gradients
  }
}

/// A write to a variable, made when the graph has run.
package struct Assignment: Sendable {
  package let variable: Variable
  package let value: NodeID
}

/// Why a value cannot be assigned to a variable.
package struct AssignmentError: Error {
  package let path: String
  package let expected: Shape
  package let found: Shape
}

/// Tensor operations in the order in which they were recorded; operands stand before their users.
///
/// A node's element type is that of the attribute `type`, where its operator has one; else `bool`
/// for comparisons and logic, `i32` for indices; else that of its operands: `f64` before `f32` before
/// `f16` and `bf16` among reals, where those two together give `f32`; `i64` before `i32` among whole
/// numbers. Operands of another real type are cast to that of the result when they are recorded, and
/// indices to `i32`. What is made of `f16` and `bf16` is computed in `f32` and rounded once.
package struct Graph: Sendable {
  package private(set) var nodes: [Node] = []
  /// What whoever runs the graph wants to read.
  package var outputs: [NodeID] = []
  /// Writes in the order in which they were recorded; each variable is there once at most.
  package private(set) var assignments: [Assignment] = []
  private var reads: [ObjectIdentifier: NodeID] = [:]
  /// The line that nodes are recorded for.
  package var line = 0

  package init() {}

  package subscript(id: NodeID) -> Node { nodes[Int(id.index)] }

  /// The value of `variable` at this point of the recording: what was assigned last, else what it
  /// holds before the run, which one node reads however often it is asked for.
  package mutating func variable(_ variable: Variable) -> NodeID {
    if let assigned = assignments.last(where: { $0.variable === variable }) {
      return assigned.value
    }
    if let read = reads[ObjectIdentifier(variable)] { return read }
    let node = append(
      Node(
        source: .variable(variable), shape: variable.tensor.shape,
        elementType: variable.tensor.elementType))
    reads[ObjectIdentifier(variable)] = node
    return node
  }

  /// A tensor whose every element is `value`.
  package mutating func constant(
    _ value: Double, _ shape: Shape = [], _ elementType: ElementType = .f32
  ) -> NodeID {
    let attributes: Attributes = [
      "value": .real(value), "dims": .dims(shape.dims.map { Dim($0) }),
      "type": .elementType(elementType),
    ]
    return append(
      Node(
        source: .apply(.constant, [], attributes), shape: shape, elementType: elementType))
  }

  /// Writes `value` to `variable` after the run; reads that are recorded later see it.
  ///
  /// - Throws: `AssignmentError` where the shapes differ. Another element type is converted.
  package mutating func assign(_ value: NodeID, to variable: Variable) throws {
    let tensor = variable.tensor
    guard self[value].shape == tensor.shape else {
      throw AssignmentError(
        path: variable.path, expected: tensor.shape, found: self[value].shape)
    }
    let converted = try cast(value, to: tensor.elementType)
    assignments.removeAll { $0.variable === variable }
    assignments.append(Assignment(variable: variable, value: converted))
  }

  /// Records `op` applied to `operands`.
  ///
  /// An element-wise operator's operands of rank 0 are broadcast to the shape of the others;
  /// nothing else is broadcast.
  /// - Throws: `InferenceFailure` where the operator cannot be applied, or a dim of its result is
  ///   not a number.
  package mutating func apply(
    _ op: Operator, to operands: [NodeID], _ attributes: Attributes = [:]
  ) throws(InferenceFailure) -> NodeID {
    var operands = operands
    if op.lowering.isElementwise {
      operands = try broadcastingScalars(operands)
    }
    let inference = try op.infer(operands.map { type(of: $0) }, attributes)
    guard inference.deferred.isEmpty else {
      throw .requirement("every dim is a number", inference.deferred[0])
    }
    let elementType = inference.type.element
    if elementType.isHalf, !op.lowering.storesHalf {
      let wide = try operands.map { (operand) throws(InferenceFailure) in
        self[operand].elementType.isHalf ? try cast(operand, to: .f32) : operand
      }
      return try cast(try apply(op, to: wide, attributes), to: elementType)
    }
    if elementType.isFloatingPoint, inference.attributes["type"] == nil {
      operands = try operands.map { (operand) throws(InferenceFailure) in
        self[operand].elementType.isFloatingPoint ? try cast(operand, to: elementType) : operand
      }
    }
    if op.lowering.readsIndices { operands[1] = try cast(operands[1], to: .i32) }
    let shape = try concrete(inference.type.dims)
    return append(
      Node(
        source: .apply(op, operands, inference.attributes), shape: shape, elementType: elementType))
  }

  /// Records a node of another graph again, on operands of this one that have the same types.
  package mutating func copy(_ node: Node, operands: [NodeID]) -> NodeID {
    let outer = line
    line = node.line
    defer { line = outer }
    switch node.source {
    case .variable(let variable): return self.variable(variable)
    case .apply(let operation, _, let attributes):
      return append(
        Node(
          source: .apply(operation, operands, attributes), shape: node.shape,
          elementType: node.elementType, rule: node.rule))
    case .input(let number): return input(number, node.shape, node.elementType)
    case .loop(let loop, _): return self.loop(loop, operands)
    case .part(_, let index):
      return append(
        Node(
          source: .part(operands[0], index), shape: node.shape, elementType: node.elementType))
    }
  }

  /// An input of the body of a loop, which this graph is.
  package mutating func input(_ number: Int, _ shape: Shape, _ elementType: ElementType) -> NodeID {
    append(Node(source: .input(number), shape: shape, elementType: elementType))
  }

  /// A recurrence; its parts have its values.
  mutating func loop(_ loop: Loop, _ operands: [NodeID]) -> NodeID {
    append(Node(source: .loop(loop, operands), shape: [], elementType: .f32))
  }

  /// Gives a loop more emissions; the parts that it has stay what they are.
  mutating func replaceLoop(_ node: NodeID, by source: Node.Source) {
    let old = self[node]
    nodes[Int(node.index)] = Node(
      source: source, shape: old.shape, elementType: old.elementType)
  }

  /// `value`, whose gradient in each of `operands` is what `rule` records.
  package mutating func value(_ value: NodeID, of operands: [NodeID], _ rule: GradientRule)
    -> NodeID
  {
    append(
      Node(
        source: .apply(.stopGradient, [value] + operands, [:]), shape: self[value].shape,
        elementType: self[value].elementType, rule: rule))
  }

  /// `node` repeated to `shape`: missing leading axes are added, and axes of length 1 stretched.
  ///
  /// - Throws: `InferenceFailure` where the shapes do not agree at the right end.
  package mutating func broadcast(_ node: NodeID, to shape: Shape) throws(InferenceFailure)
    -> NodeID
  {
    let dims = self[node].shape.dims
    if dims == shape.dims { return node }
    let missing = shape.rank - dims.count
    guard missing >= 0 else {
      throw .rankMismatch(
        operand: 0, found: dims.count, expected: shape.rank, isMinimum: false)
    }
    let stretched = dims.indices.filter { dims[$0] == 1 && shape[missing + $0] != 1 }
    let kept = dims.indices.filter { !stretched.contains($0) }.map { Dim(dims[$0]) }
    let squeezed =
      stretched.isEmpty ? node : try apply(.reshape, to: [node], ["dims": .dims(kept)])
    let new = Array(0..<missing) + stretched.map { $0 + missing }
    return try apply(
      .broadcast, to: [squeezed],
      ["dims": .dims(shape.dims.map { Dim($0) }), "axes": .axes(new)])
  }

  /// `node` with elements of `elementType`.
  package mutating func cast(_ node: NodeID, to elementType: ElementType)
    throws(InferenceFailure) -> NodeID
  {
    if self[node].elementType == elementType { return node }
    return try apply(.cast, to: [node], ["type": .elementType(elementType)])
  }
}

extension Graph {
  /// The number of `node`, which is the last now.
  mutating func append(_ node: Node) -> NodeID {
    nodes.append(node)
    nodes[nodes.count - 1].line = line
    return NodeID(index: Int32(nodes.count - 1))
  }

  private func type(of node: NodeID) -> TensorType {
    let type = self[node].elementType
    return TensorType(type.kind, self[node].shape.dims.map { Dim($0) }, type)
  }

  private mutating func broadcastingScalars(_ operands: [NodeID]) throws(InferenceFailure)
    -> [NodeID]
  {
    guard let shape = operands.map({ self[$0].shape }).first(where: { $0.rank > 0 }) else {
      return operands
    }
    return try operands.map { (operand) throws(InferenceFailure) in
      self[operand].shape.rank == 0 ? try broadcast(operand, to: shape) : operand
    }
  }

  private func concrete(_ dims: [Dim]) throws(InferenceFailure) -> Shape {
    Shape(
      try dims.map { (dim) throws(InferenceFailure) in
        guard let value = dim.constant else {
          throw .requirement("every dim is a number", .atLeast(dim, 0))
        }
        return value
      })
  }
}
