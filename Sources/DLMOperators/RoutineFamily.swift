import DLMTensor

/// Families of routines; with its attributes, one becomes a `Routine`.
package enum RoutineFamily: Hashable, Sendable {
  /// Attribute `axis`.
  case cumulate(Reduction)
  case running(Extremum)
  /// Attributes `axis`, `descending`.
  case order
  /// x, index; attribute `axis`. put: also `dims`, those of the result.
  case take, put
  /// Attribute `diagonal`.
  case triangle
  case cholesky, solve, inverse, determinant, logDeterminant, cofactors, orthogonal, triangular
  case eigenvalues, eigenvectors
  case fourier
  /// Attribute `length`, of the result.
  case fourierAdjoint

  /// The routine that a recorded operator asks for.
  package func routine(_ attributes: Attributes) -> Routine {
    switch self {
    case .cumulate(let reduction): .cumulate(reduction, axis: attributes.axis())
    case .running(let extremum): .running(extremum, axis: attributes.axis())
    case .order: .order(axis: attributes.axis(), descending: attributes.bool("descending"))
    case .take: .take(axis: attributes.axis())
    case .put: .put(axis: attributes.axis())
    case .triangle: .triangle(diagonal: attributes.int("diagonal"))
    case .cholesky: .cholesky
    case .solve: .solve
    case .inverse: .inverse
    case .determinant: .determinant
    case .logDeterminant: .logDeterminant
    case .cofactors: .cofactors
    case .orthogonal: .orthogonal
    case .triangular: .triangular
    case .eigenvalues: .eigenvalues
    case .eigenvectors: .eigenvectors
    case .fourier: .fourier
    case .fourierAdjoint: .fourierAdjoint
    }
  }
}
