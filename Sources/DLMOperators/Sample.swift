import DLMTensor

/// Operands and attributes on which the generated tests run an operator.
package struct Sample: Sendable {
  /// How the elements of an operand are drawn: away from the places where it has no derivative.
  package enum Operand: Sendable {
    /// Uniform reals of this shape in the range.
    case uniform(Shape, in: ClosedRange<Double>)
    /// Uniform integers of this shape in the range.
    case indices(Shape, in: Range<Int>)
    /// Booleans of this shape.
    case flags(Shape)
    /// These reals, for operands whose neighbours matter: ties, zeros.
    case reals(Shape, [Double])

    package var shape: Shape {
      switch self {
      case .uniform(let shape, in: _), .indices(let shape, in: _), .flags(let shape),
        .reals(let shape, _):
        shape
      }
    }
  }

  package var operands: [Operand]
  package var attributes: Attributes
  /// The shape of the result, worked out by hand.
  package var gives: Shape

  package init(_ operands: [Operand], _ attributes: Attributes = [:], gives: Shape) {
    self.operands = operands
    self.attributes = attributes
    self.gives = gives
  }
}
