import DLMShapes
import DLMTensor

/// A primitive: everything that the language, the differentiator, the planner and the tests know of it.
///
/// `Operator.all` is the table. Nothing else in the project lists primitives; what can be expressed
/// with them is written in dlm, in the prelude.
package struct Operator: Sendable {
  package let name: String
  /// Operands and attributes as dlm text: `(x: real[...S], index: int[I]; axis: int)`. What stands
  /// after `;` are attributes, known when the operator is recorded.
  package let signature: String
  /// One line, third person.
  package let summary: String
  /// Where a formula comes from, if it is not plain arithmetic.
  package let source: String?
  /// Gradient of each differentiable operand as dlm text over the operand and attribute names, the
  /// result `y` and its gradient `dy`. An operand that is missing gets none.
  package let gradients: [String: String]
  /// A runnable line for help and the reference page.
  package let example: String
  /// Operands and attributes on which the generated tests run it.
  package let samples: [Sample]
  /// The type of the result; dims may be symbolic.
  package let infer: InferenceRule
  /// How the planner runs it.
  package let lowering: Lowering
}

/// The result type of an operator applied to operands of these types, or why it cannot be.
package typealias InferenceRule =
  @Sendable (_ operands: [TensorType], _ attributes: Attributes, _ facts: Facts)
  throws(InferenceFailure) -> TensorType

/// How a primitive becomes kernel calls. The planner switches over this, never over names.
package enum Lowering: Hashable, Sendable {
  /// Element-wise; all operands have the shape of the result.
  case map(ScalarFunction)
  /// Attribute `elementType`.
  case cast
  /// The first operand as it is; no gradient passes.
  case stopGradient
  /// Only other strides on the same elements, or a copy where that is impossible.
  /// Attributes: broadcast `dims`, `axes`; reshape `dims`; transpose `axes`; slice `starts`, `dims`,
  /// `steps`; reverse `axes`.
  case broadcast, reshape, transpose, slice, reverse
  /// Attributes `low`, `dims` (of the result), `steps`, `value`: x[i] goes to `low + i * step`, all
  /// else is `value`. The adjoint of slice.
  case pad
  /// Any number of operands joined along attribute `axis`.
  case concatenate
  /// Attribute `axes`; the result drops them.
  case reduce(Reduction)
  /// Attribute `axis`; the result drops it.
  case indexOf(Extremum)
  /// a `[...L, m, k]`, b `[...L, k, n]`, same leading dims.
  case matmul
  /// Attributes `window` and `groups`; the gradients also `dims`, those of their result.
  case convolve, convolveInputGradient, convolveWeightGradient
  /// Attribute `window`; `meanPoolGradient` also `dims`.
  case maxPool, maxPoolScatter, maxPoolGather, meanPool, meanPoolGradient
  /// x, index; attribute `axis`. gather: the dims of `index` stand in place of the axis. scatterAdd:
  /// x, index; attributes `axis`, `dims`.
  case gather, scatterAdd
  /// x, index (x without `axis`); attribute `axis`. place: attributes `axis`, `dims`.
  case pick, place
  /// Attributes `dims`, `stream` (int), `fixed` (bool).
  case random(Distribution)
  /// Attributes `dims`, `axis`.
  case iota
  /// Attributes `value`, `dims`: every element is `value`.
  case constant
}
