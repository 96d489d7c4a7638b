import DLMOperators
import DLMTensor

/// A node of a graph: its index.
package struct NodeID: Hashable, Sendable {
  package let index: Int32
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
  }

  package let source: Source
  package let shape: Shape
  package let elementType: ElementType
}
