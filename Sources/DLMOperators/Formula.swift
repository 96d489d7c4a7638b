/// An expression of dlm as the declarations of operators use it: gradients, dims, conditions.
package indirect enum Formula: Hashable, Sendable {
  package enum Operation: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "div"
    case modulo = "%"
    case power = "^"
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case equal = "=="
    case notEqual = "!="
  }

  package struct Argument: Hashable, Sendable {
    /// `nil` for an operand, a name for an attribute: `axes: axes`.
    package var label: String?
    package var value: Formula
  }

  case number(Double)
  case name(String)
  case negate(Formula)
  case apply(Operation, Formula, Formula)
  case call(String, [Argument])

  /// Every name that is read and every name that is called, in this formula and those inside it.
  package var names: (read: Set<String>, called: Set<String>) {
    switch self {
    case .number: return ([], [])
    case .name(let name): return ([name], [])
    case .negate(let operand): return operand.names
    case .apply(_, let a, let b):
      return (a.names.read.union(b.names.read), a.names.called.union(b.names.called))
    case .call(let name, let arguments):
      return arguments.map(\.value.names).reduce((read: [], called: [name])) {
        ($0.read.union($1.read), $0.called.union($1.called))
      }
    }
  }
}

/// Why the text of a declaration cannot be read.
package struct ReadingError: Error, Hashable, Sendable {
  /// `a type`, `)`: what should stand there.
  package var expected: String
  /// The text that stands there instead; empty at the end.
  package var found: String
  /// UTF-8 offset of what was found.
  package var offset: Int
}
