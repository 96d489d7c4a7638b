import DLMTensor

/// Operands and attributes on which the generated tests run an operator.
package struct Sample: Sendable {
  /// How the elements of an operand are drawn: away from the places where it has no derivative.
  package enum Operand: Sendable {
    /// Uniform reals of this shape in the range.
    case uniform(Shape, in: ClosedRange<Double>)
    /// Uniform integers of this shape in the range.
    case indices(Shape, in: Range<Int>)
  }

  package var operands: [Operand]
  package var attributes: Attributes

  package init(_ operands: [Operand], _ attributes: Attributes = [:]) {
    self.operands = operands
    self.attributes = attributes
  }
}
