extension Operator {
  /// Every primitive of dlm, by theme.
  package static let all: [Operator] =
    elementwise + comparisons + shapes + reductions + linear + windows + indexing + sources
    + lines + matrices + fourier

  /// The operator called `name`.
  package static func named(_ name: String) -> Operator? { byName[name] }

  private static let byName = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  // Those that recording and differentiation need by themselves.
  package static let add = required("add")
  package static let broadcast = required("broadcast")
  package static let cast = required("cast")
  package static let constant = required("constant")
  package static let multiply = required("multiply")
  package static let renewed = required("renewed")
  package static let reshape = required("reshape")
  package static let slice = required("slice")
  package static let sum = required("sum")
  package static let transpose = required("transpose")
  package static let stopGradient = required("stop_gradient")

  private static func required(_ name: String) -> Operator {
    guard let op = named(name) else { preconditionFailure("the table has no `\(name)`") }
    return op
  }
}
