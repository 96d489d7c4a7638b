/// What is done with whole arrays rather than element by element; operands and results are dense.
///
/// Along an axis, arrays count as `[P, L, Q]`: lines of length L, one for each p and q. Matrices are in
/// the last two axes, those before them are batches, and arithmetic on them is in double precision.
package enum Routine: Hashable, Sendable {
  /// `y[p, i, q] = x[p, 0, q] ∘ ... ∘ x[p, i, q]`.
  case cumulate(Reduction, axis: Int)
  /// Index (`i32`) of the first extremum among `x[p, 0...i, q]`; a NaN counts as in `indexOf`.
  case running(Extremum, axis: Int)
  /// Indices (`i32`) that put a line in order, equal elements in theirs; a NaN is larger than all else.
  case order(axis: Int, descending: Bool)
  /// `y[p, i, q] = x[p, index[p, i, q], q]`. An index that does not exist stops the run.
  case take(axis: Int)
  /// `y[p, index[p, i, q], q] += x[p, i, q]` on zeros: the adjoint of `take`.
  case put(axis: Int)

  /// `y[.., i, j] = x[.., i, j]` where `j - i <= diagonal`, else 0.
  case triangle(diagonal: Int)
  /// `L` lower with positive diagonal, `L Lᵀ = (a + aᵀ) / 2`; stops the run if there is none.
  case cholesky
  /// `x` with `a x = b`; stops the run if `a` is singular.
  case solve
  case inverse
  case determinant
  /// Logarithm of the absolute value of the determinant.
  case logDeterminant
  /// Of each element the determinant of what is left without its row and column, with the sign of its
  /// place: the gradient of the determinant, for singular matrices too.
  case cofactors
  /// Of `a = q r` with at least as many rows as columns: q with orthonormal columns, r upper with no
  /// negative number on its diagonal.
  case orthogonal, triangular
  /// Of `(a + aᵀ) / 2`, ascending; the vectors are columns whose largest element is positive.
  case eigenvalues, eigenvectors

  /// Along the last axis, of length n: real and imaginary part, `[..., n div 2 + 1, 2]`, of
  /// `sum over t of x[t] exp(-2πi k t / n)`.
  case fourier
  /// `y[t] = sum over k of x[k, 0] cos(2π k t / n) - x[k, 1] sin(2π k t / n)`: the adjoint.
  case fourierAdjoint
}

extension Routine {
  /// A word for it.
  package var name: String {
    switch self {
    case .cumulate(let reduction, _): "cumulative \(reduction)"
    case .running(let extremum, _): "running \(extremum)"
    case .order: "sort"
    case .take: "take"
    case .put: "put"
    case .triangle: "triangle"
    case .cholesky: "cholesky"
    case .solve: "solve"
    case .inverse: "inverse"
    case .determinant: "determinant"
    case .logDeterminant: "log determinant"
    case .cofactors: "cofactors"
    case .orthogonal, .triangular: "qr"
    case .eigenvalues, .eigenvectors: "eigenvalues"
    case .fourier: "fourier"
    case .fourierAdjoint: "fourier adjoint"
    }
  }

  /// The axis along which lines lie.
  package var axis: Int? {
    switch self {
    case .cumulate(_, let axis), .running(_, let axis), .order(let axis, _), .take(let axis),
      .put(let axis):
      axis
    case .triangle, .cholesky, .solve, .inverse, .determinant, .logDeterminant, .cofactors,
      .orthogonal, .triangular, .eigenvalues, .eigenvectors, .fourier, .fourierAdjoint:
      nil
    }
  }
}
