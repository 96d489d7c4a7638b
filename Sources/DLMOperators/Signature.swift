/// What a declaration says of its calls, read: operands, attributes, result, conditions.
///
/// `(x: real[...S, n], w: real[m, n]; axis: axis) -> real[...S, m] where m >= 2`
package struct Signature: Hashable, Sendable {
  package struct Operand: Hashable, Sendable {
    package var name: String
    package var type: TypePattern

    package init(name: String, type: TypePattern) {
      self.name = name
      self.type = type
    }
  }

  package struct AttributeDeclaration: Hashable, Sendable {
    package var name: String
    package var type: AttributeType
    /// What it is where a call does not say it.
    package var standard: Attribute?
  }

  package var operands: [Operand]
  /// Written `...x: type`: one operand or more, all of this type.
  package var isVariadic: Bool
  package var attributes: [AttributeDeclaration]
  /// `nil` where a rule in Swift says it.
  package var result: TypePattern?
  package var conditions: [DimCondition]

  package init(
    operands: [Operand], isVariadic: Bool = false, attributes: [AttributeDeclaration] = [],
    result: TypePattern? = nil, conditions: [DimCondition] = []
  ) {
    self.operands = operands
    self.isVariadic = isVariadic
    self.attributes = attributes
    self.result = result
    self.conditions = conditions
  }
}

/// What an attribute may be, as it is written after its name.
package enum AttributeType: Hashable, Sendable {
  case int, real, bool, type, window, stream
  /// One position, or several, of axes.
  case axis, axes
  /// `[B, ...S]`: one length an axis, with names for them.
  case dims([DimPattern])
}
