import DLMShapes
import DLMTensor

/// A kind as it is written in a type.
package enum KindPattern: Hashable, Sendable {
  /// `real`, `logit`, `int`, `bool` ...; never `.index`.
  case kind(Kind)
  /// `index(K)`
  case index(DimExpression)
  /// `f32`, `i64` ...: a number of this element type.
  case element(ElementType)
  /// `number`: real or whole numbers; a result is `real` or `int` as the operands are. Only in the
  /// signatures of operators.
  case number
  /// `any`: a result keeps the kind of the operands. Only in the signatures of operators.
  case any
}

/// One entry between the brackets of a type.
package enum DimPattern: Hashable, Sendable {
  /// `B`, `2*n`
  case single(DimExpression)
  /// `...S`, `...(S + 2)`: any number of axes.
  case pack(DimExpression)
  /// `...`: any number of axes, without a name.
  case rest
  /// `_`: one axis, without a name.
  case wildcard

  package var isPack: Bool {
    switch self {
    case .pack, .rest: true
    case .single, .wildcard: false
    }
  }
}

/// A type as it is written: `real[B, ...S]`, `(real[n], real[n])`, `real[n]?`.
package indirect enum TypePattern: Hashable, Sendable {
  case tensor(KindPattern, [DimPattern])
  case tuple([TypePattern])
  case optional(TypePattern)
}

/// A condition on dims as it is written after `where`.
package struct DimCondition: Hashable, Sendable {
  package enum Comparison: String, Hashable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case atLeast = ">="
    case atMost = "<="
    case more = ">"
    case less = "<"
    /// `a % b == 0`
    case divides = "%"
  }

  package var comparison: Comparison
  package var left: DimExpression
  package var right: DimExpression
  /// As it was written, for a reader.
  package var text: String

  package init(comparison: Comparison, left: DimExpression, right: DimExpression, text: String) {
    self.comparison = comparison
    self.left = left
    self.right = right
    self.text = text
  }
}

extension DimCondition {
  /// The relation for each axis of the packs in it, one if there is none; and what exact divisions
  /// require.
  ///
  /// - Throws: `DimExpressionError` for a name without a value, or packs of different lengths.
  package func relations(with bindings: DimBindings) throws(DimExpressionError)
    -> [Relation]
  {
    let (a, first) = try left.evaluated(with: bindings)
    let (b, second) = try right.evaluated(with: bindings)
    return first + second + (try pairs(a, b)).map { comparison.relation($0, $1) }
  }

  private func pairs(_ a: DimBinding, _ b: DimBinding) throws(DimExpressionError) -> [(Dim, Dim)] {
    switch (a, b) {
    case (.dim(let x), .dim(let y)): return [(x, y)]
    case (.dim(let x), .pack(let y)): return y.map { (x, $0) }
    case (.pack(let x), .dim(let y)): return x.map { ($0, y) }
    case (.pack(let x), .pack(let y)):
      guard x.count == y.count else { throw .packLengths(x.count, y.count) }
      return Array(zip(x, y))
    }
  }
}

extension DimCondition.Comparison {
  fileprivate func relation(_ a: Dim, _ b: Dim) -> Relation {
    switch self {
    case .equal: .equal(a, b)
    case .notEqual: .notEqual(a, b)
    case .atLeast: .atLeast(a, b)
    case .atMost: .atLeast(b, a)
    case .more: .atLeast(a, b + 1)
    case .less: .atLeast(b, a + 1)
    case .divides: .divides(a, by: b)
    }
  }
}
