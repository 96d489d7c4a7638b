import DLMTensor

extension Operator {
  /// Linear algebra on the matrices in the last two axes; axes before them are batches.
  static let matrices: [Operator] = [
    Operator(
      "lower", "(a: any[...L, m, n]; diagonal: int = 0) -> any[...L, m, n]",
      "Puts zeros above the diagonal, or above the one `diagonal` places to its right.",
      gradients: ["a": "lower(dy, diagonal: diagonal)"],
      example: "lower([[1.0, 2.0], [3.0, 4.0]])",
      samples: [
        Sample([.uniform([2, 3, 4], in: -2...2)], gives: [2, 3, 4]),
        Sample([.uniform([3, 2], in: -2...2)], ["diagonal": .dim(-1)], gives: [3, 2]),
        Sample([.uniform([0, 2], in: -2...2)], ["diagonal": .dim(1)], gives: [0, 2]),
        Sample([.uniform([1, 1], in: -2...2)], gives: [1, 1]),
      ],
      lowering: .routine(.triangle)),
    square(
      "cholesky",
      "The lower factor L of the symmetric part of `a`: `L @ L.T`; an error where there is none.",
      // Murray 2016: S = L^-T phi(L^T dL) L^-1, phi the lower triangle with half the diagonal.
      gradient: symmetric(
        """
        matmul(\(transposed("inverse(y)")),
          matmul((lower(\(choleskyCore)) + lower(\(choleskyCore), diagonal: -1)) / 2, inverse(y)))
        """),
      source: "Murray 2016, https://arxiv.org/abs/1602.07527",
      example: "cholesky([[4.0, 2.0], [2.0, 3.0]])", samples: positive, .cholesky),
    Operator(
      "solve", "(a: real[...L, n, n], b: real[...L, n, k]) -> real[...L, n, k]",
      "The x with `a @ x = b`; an error where `a` is singular.",
      source: "Giles 2008, https://people.maths.ox.ac.uk/gilesm/files/NA-08-01.pdf",
      gradients: [
        "a": "-matmul(solve(\(transposed("a")), dy), \(transposed("y")))",
        "b": "solve(\(transposed("a")), dy)",
      ],
      example: "solve([[2.0, 0.0], [0.0, 4.0]], [[1.0], [1.0]])",
      samples: regular.map { sample in
        let dims = sample.gives.dims
        let right = Shape(dims.dropLast() + [2])
        return Sample(sample.operands + [.uniform(right, in: -2...2)], gives: right)
      },
      lowering: .routine(.solve)),
    square(
      "inverse", "The inverse of each matrix; an error where it is singular.",
      gradient: "-matmul(\(transposed("y")), matmul(dy, \(transposed("y"))))",
      source: "Giles 2008, https://people.maths.ox.ac.uk/gilesm/files/NA-08-01.pdf",
      example: "inverse([[2.0, 0.0], [0.0, 4.0]])", samples: regular, .inverse),
    scalar(
      "determinant",
      "The determinant of each matrix. Its gradient are the cofactors, for singular matrices too.",
      gradient: """
        broadcast(dy, dims: shape(a), axes: last_two(a)) * cofactors(a)
        """, .determinant),
    square(
      "cofactors",
      "Of each element the determinant without its row and column, with the sign of its place.",
      gradient: """
        broadcast(sum(dy * y, axes: last_two(a)), dims: shape(a), axes: last_two(a))
          * \(transposed("inverse(a)"))
          - matmul(y, matmul(\(transposed("dy")), \(transposed("inverse(a)"))))
        """,
      source: "Jacobi 1841; Magnus and Neudecker 2019, Matrix Differential Calculus, 8.3",
      example: "cofactors([[1.0, 2.0], [3.0, 4.0]])", samples: regular, .cofactors),
    scalar(
      "log_determinant",
      "Logarithm of the absolute value of each determinant; -∞ where it is 0.",
      gradient: """
        broadcast(dy, dims: shape(a), axes: last_two(a)) * \(transposed("inverse(a)"))
        """, .logDeterminant),
    Operator(
      "orthogonal", "(a: real[...L, m, n]) -> real[...L, m, n] where m >= n",
      "The columns of `a` made orthonormal, one after the other: q of `a = q @ triangular(a)`.",
      source: "Walter, Lehmann and Lamour 2012, https://arxiv.org/abs/1009.6112",
      gradients: [
        "a": qr("dy", "-matmul(\(transposed("dy")), y)", q: "y")
      ],
      example: "orthogonal([[3.0, 1.0], [4.0, 2.0]])",
      samples: tall.map { Sample([$0], gives: $0.shape) }, lowering: .routine(.orthogonal)),
    Operator(
      "triangular", "(a: real[...L, m, n]) -> real[...L, n, n] where m >= n",
      "The upper matrix with no negative diagonal in `a = orthogonal(a) @ triangular(a)`.",
      source: "Walter, Lehmann and Lamour 2012, https://arxiv.org/abs/1009.6112",
      gradients: ["a": qr(nil, "matmul(y, \(transposed("dy")))", q: "orthogonal(a)")],
      example: "triangular([[3.0, 1.0], [4.0, 2.0]])",
      samples: tall.map {
        let dims = $0.shape.dims
        return Sample(
          [$0], gives: Shape(dims.dropLast(2) + [dims[dims.count - 1], dims[dims.count - 1]]))
      }, lowering: .routine(.triangular)),
    Operator(
      "eigenvalues", "(a: real[...L, n, n]) -> real[...L, n]",
      "The eigenvalues of the symmetric part of `a`, ascending.",
      source: "Jacobi 1846; Magnus 1985, https://doi.org/10.1017/S0266466600011129",
      gradients: [
        "a": """
        matmul(eigenvectors(a) * broadcast(dy, dims: shape(a), axes: before_last(a)),
          \(transposed("eigenvectors(a)")))
        """
      ],
      example: "eigenvalues([[2.0, 1.0], [1.0, 2.0]])",
      samples: positive.map { Sample($0.operands, gives: Shape(Array($0.gives.dims.dropLast()))) },
      lowering: .routine(.eigenvalues)),
    square(
      "eigenvectors",
      "The eigenvectors of the symmetric part of `a` as columns, largest element positive.",
      // dV = V (F * (V^T dA V)), F[i, j] = 1 / (l[j] - l[i]) off the diagonal and 0 on it.
      gradient: symmetric(
        """
        matmul(y, matmul(
          matmul(\(transposed("y")), dy)
            * select(\(gap) == 0, 0, 1 / select(\(gap) == 0, 1, \(gap))), \(transposed("y"))))
        """),
      source: "Jacobi 1846; Magnus 1985, https://doi.org/10.1017/S0266466600011129",
      example: "eigenvectors([[2.0, 1.0], [1.0, 2.0]])", samples: positive, .eigenvectors),
  ]

  private static func square(
    _ name: String, _ summary: String, gradient: String, source: String, example: String,
    samples: [Sample], _ family: RoutineFamily
  ) -> Operator {
    Operator(
      name, "(a: real[...L, n, n]) -> real[...L, n, n]", summary, source: source,
      gradients: ["a": gradient], example: example, samples: samples, lowering: .routine(family))
  }

  private static func scalar(
    _ name: String, _ summary: String, gradient: String, _ family: RoutineFamily
  ) -> Operator {
    Operator(
      name, "(a: real[...L, n, n]) -> real[...L]", summary, source: "Jacobi 1841",
      gradients: ["a": gradient], example: "\(name)([[2.0, 0.0], [0.0, 4.0]])",
      samples: regular.map { Sample($0.operands, gives: Shape(Array($0.gives.dims.dropLast(2)))) },
      lowering: .routine(family))
  }

  // Formulas that occur in several gradients.

  private static func transposed(_ name: String) -> String {
    "transpose(\(name), axes: swapped(a))"
  }

  private static func symmetric(_ formula: String) -> String {
    "(\(formula) + \(transposed(formula))) / 2"
  }

  private static let choleskyCore = "matmul(\(transposed("y")), dy)"

  private static let gap = """
    (broadcast(eigenvalues(a), dims: shape(a), axes: before_last(a))
      - broadcast(eigenvalues(a), dims: shape(a), axes: last(a)))
    """

  /// `(dq + q (lower m with its mirror image)) r^-T`.
  private static func qr(_ dq: String?, _ m: String, q: String) -> String {
    let mirrored = "lower(\(m)) + \(transposed("lower(\(m), diagonal: -1)"))"
    let sum = (dq.map { "\($0) + " } ?? "") + "matmul(\(q), \(mirrored))"
    return "matmul(\(sum), \(transposed("inverse(triangular(a))")))"
  }

  /// Far from singular: 3 or more on the diagonal, less than 1 beside it.
  private static let regular = [
    Sample([.reals([2, 2], [3, 0.5, -0.25, 4])], gives: [2, 2]),
    Sample(
      [
        .reals(
          [2, 3, 3],
          [3, 0.5, -0.7, 0.1, -4, 0.3, 0.9, -0.2, 5, 0.2, 3, 0.4, -3.5, 0.6, 0.8, 0.7, 0.3, 4])
      ], gives: [2, 3, 3]),
    Sample([.uniform([1, 1], in: 1...2)], gives: [1, 1]),
    Sample([.uniform([0, 2, 2], in: 1...2)], gives: [0, 2, 2]),
  ]

  /// With a positive definite symmetric part and eigenvalues far from one another.
  private static let positive = [
    Sample([.reals([2, 2], [3, 0.5, -0.25, 5])], gives: [2, 2]),
    Sample(
      [
        .reals(
          [2, 3, 3],
          [3, 0.5, -0.7, 0.1, 5, 0.3, 0.9, -0.2, 8, 4, 0.2, 0.4, -0.5, 2, 0.8, 0.7, 0.3, 6])
      ], gives: [2, 3, 3]),
    Sample([.uniform([1, 1], in: 1...2)], gives: [1, 1]),
    Sample([.uniform([0, 2, 2], in: 1...2)], gives: [0, 2, 2]),
  ]

  private static let tall: [Sample.Operand] = [
    .reals([3, 2], [3, 0.5, -0.25, 4, 1, 0.75]),
    .reals([2, 2, 2], [3, 0.5, -0.25, 4, 1, 0.75, -2, 1]),
    .uniform([1, 1], in: 1...2),
    .uniform([0, 3, 2], in: 1...2),
  ]
}
