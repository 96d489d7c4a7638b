import DLMOperators
import DLMShapes
import DLMTensor

/// A tensor of a run: what a machine knows it by.
package struct Handle: Hashable, Sendable {
  package let id: Int

  package init(id: Int) { self.id = id }
}

/// Where a run has tensors.
///
/// The evaluator walks a program once, on shapes. Without a machine that is a check; with one, each
/// application of an operator is also recorded, on dims that are numbers.
package protocol Machine: AnyObject {
  /// Records one operator; dims of the attributes are constant.
  func apply(_ operation: Operator, to operands: [Handle], _ attributes: Attributes) throws
    -> Handle

  /// A tensor of numbers that the program text gives.
  func constant(_ values: [Double], dims: [Int], _ elementType: ElementType) throws -> Handle

  /// The elements of a tensor, row-major. Runs what is recorded so far.
  func read(_ handle: Handle) throws -> [Double]

  /// The trained or kept tensor at `path`; `initial` is asked for its first value if there is none yet.
  func variable(_ path: String, dims: [Int], initial: () throws -> Handle) throws -> Handle

  /// The length of each axis of a tensor.
  func dims(_ handle: Handle) -> [Int]

  /// The value that the variable at `path` takes when the step that is being recorded ends.
  func assign(_ value: Handle, to path: String) throws

  /// Gradients of a scalar.
  func gradient(of scalar: Handle, withRespectTo targets: [Handle]) throws -> [Handle]
}
