extension Operator {
  /// Every primitive of dlm, by theme.
  package static let all: [Operator] =
    elementwise + comparisons + shapes + reductions + linear + windows + indexing + sources
    + lines + matrices + fourier

  /// The operator called `name`.
  package static func named(_ name: String) -> Operator? { byName[name] }

  private static let byName: [String: Operator] = {
    var table = [String: Operator](minimumCapacity: all.count)
    for op in all where table[op.name] == nil { table[op.name] = op }
    return table
  }()

  // Those that recording, differentiation and signs need by themselves.
  package static let add = required("add")
  package static let broadcast = required("broadcast")
  package static let cast = required("cast")
  package static let constant = required("constant")
  package static let divide = required("divide")
  package static let equal = required("equal")
  package static let less = required("less")
  package static let lessEqual = required("less_equal")
  package static let logicalAnd = required("logical_and")
  package static let logicalOr = required("logical_or")
  package static let matmul = required("matmul")
  package static let modulo = required("modulo")
  package static let multiply = required("multiply")
  package static let notEqual = required("not_equal")
  package static let power = required("power")
  package static let renewed = required("renewed")
  package static let reshape = required("reshape")
  package static let slice = required("slice")
  package static let subtract = required("subtract")
  package static let sum = required("sum")
  package static let transpose = required("transpose")
  package static let stopGradient = required("stop_gradient")

  private static func required(_ name: String) -> Operator {
    guard let op = named(name) else { preconditionFailure("the table has no `\(name)`") }
    return op
  }
}
