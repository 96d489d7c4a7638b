import DLMShapes
import DLMTensor

/// What an operator is told beside its operands.
package enum Attribute: Hashable, Sendable {
  /// A number that may be symbolic while checking.
  case dim(Dim)
  case dims([Dim])
  /// Positions of axes, counted from the front.
  case axes([Int])
  case real(Double)
  case bool(Bool)
  case window(Window)
  case elementType(ElementType)
  case stream(UInt64)
}

/// Attributes by name.
package struct Attributes: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package var values: [String: Attribute]

  package init(dictionaryLiteral elements: (String, Attribute)...) {
    values = Dictionary(elements) { first, _ in first }
  }

  package subscript(name: String) -> Attribute? {
    get { values[name] }
    set { values[name] = newValue }
  }
}

/// Why an operator cannot be applied: data for a diagnostic, worded by the frontend.
package enum InferenceFailure: Error, Hashable {
  /// Axis `axis` of operand `operand` is `found` where `expected` is needed.
  case axisMismatch(operand: Int, axis: Int, found: Dim, expected: Dim)
  case rankMismatch(operand: Int, found: Int, expected: Int)
  /// A relation between dims that must hold and does not, in the words of the operator.
  case requirement(String, Relation)
  case kindMismatch(operand: Int, found: Kind, expected: String)
  case attribute(name: String, reason: String)
}
