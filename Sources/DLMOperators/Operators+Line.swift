import DLMTensor

extension Operator {
  /// What goes along the lines of an axis: running sums, order, elements by index.
  static let lines: [Operator] = [
    cumulative(
      "cumsum", .sum, "Sum of each element and those before it along `axis`.",
      gradient: reversed("dy")),
    cumulative(
      "cumprod", .product, "Product of each element and those before it along `axis`.",
      // Beside a zero nothing is left to divide by: the first zero counts as 1 there, and behind it
      // every product holds it.
      gradient: """
        select(\(firstZero), \(reversed("dy * cumprod(select(\(firstZero), 1, x), axis: axis)")),
          \(reversed("dy * y")) / select(x == 0, 1, x))
        """,
      more: [
        Sample(
          [.reals([2, 4], [1.5, 0, -2, 0.5, 3, -1, 0.5, 2])], ["axis": .axes([1])], gives: [2, 4])
      ]),
    index(
      "running_argmax", .running(.max),
      "Index of the first largest element so far along `axis`; a NaN is the largest."),
    index(
      "running_argmin", .running(.min),
      "Index of the first smallest element so far along `axis`; a NaN is the smallest."),
    Operator(
      "argsort", "(x: number[...S]; axis: axis, descending: bool = false)",
      "Indices that put `x` in order along `axis`; equals stay in theirs, a NaN is the largest.",
      example: "argsort([3.0, 1.0, 2.0], over: 0)",
      samples: indexSamples
        + [
          Sample(
            [.indices([2, 6], in: 0..<3)], ["axis": .axes([1]), "descending": .bool(true)],
            gives: [2, 6])
        ],
      lowering: .routine(.order), rule: Rules.indexAlong),
    Operator(
      "take", "(x: any[...], index: int[...]; axis: axis)",
      "At each place the element of `x` that `index` names along `axis`.",
      gradients: ["x": "put(dy, index, dims: shape(x), axis: axis)"],
      example: "take([[1.0, 2.0], [3.0, 4.0]], index([[1, 1], [0, 1]], 2), over: 1)",
      samples: [
        Sample(
          [.uniform([3, 4], in: -2...2), .indices([3, 5], in: 0..<4)], ["axis": .axes([1])],
          gives: [3, 5]),
        Sample(
          [.uniform([2, 3, 2], in: -2...2), .indices([2, 1, 2], in: 0..<3)], ["axis": .axes([1])],
          gives: [2, 1, 2]),
        Sample(
          [.uniform([0, 4], in: -2...2), .indices([0, 2], in: 0..<4)], ["axis": .axes([1])],
          gives: [0, 2]),
      ],
      lowering: .routine(.take), rule: Rules.take),
    Operator(
      "put", "(x: any[...], index: int[...]; dims: [...dims], axis: axis)",
      "Adds the elements of `x` to zeros of `dims` at the places that `index` names along `axis`.",
      gradients: ["x": "take(dy, index, axis: axis)"],
      example: "put([1.0, 2.0, 3.0], index([1, 0, 1], 2), dims: [2], over: 0)",
      samples: [
        Sample(
          [.uniform([3, 5], in: -2...2), .indices([3, 5], in: 0..<4)],
          ["axis": .axes([1]), "dims": .dims([3, 4])], gives: [3, 4]),
        Sample(
          [.uniform([1, 2, 2], in: -2...2), .indices([1, 2, 2], in: 0..<3)],
          ["axis": .axes([0]), "dims": .dims([3, 2, 2])], gives: [3, 2, 2]),
        Sample(
          [.uniform([2, 0], in: -2...2), .indices([2, 0], in: 0..<3)],
          ["axis": .axes([1]), "dims": .dims([2, 3])], gives: [2, 3]),
      ],
      lowering: .routine(.put), rule: Rules.put),
  ]

  private static let firstZero =
    "logical_and(x == 0, cumsum(cast(x == 0, type: type(x)), axis: axis) == 1)"

  /// Sums from the other end.
  private static func reversed(_ formula: String) -> String {
    "reverse(cumsum(reverse(\(formula), axes: axis), axis: axis), axes: axis)"
  }

  private static func cumulative(
    _ name: String, _ reduction: Reduction, _ summary: String, gradient: String,
    more: [Sample] = []
  ) -> Operator {
    Operator(
      name, "(x: number[...S]; axis: axis)", summary, gradients: ["x": gradient],
      example: "\(name)([1.0, 4.0, 3.0], over: 0)",
      samples: [
        Sample([.uniform([2, 3, 2], in: 0.5...2)], ["axis": .axes([1])], gives: [2, 3, 2]),
        Sample([.uniform([1], in: 0.5...2)], ["axis": .axes([0])], gives: [1]),
        Sample([.uniform([2, 0], in: 0.5...2)], ["axis": .axes([1])], gives: [2, 0]),
      ] + more, lowering: .routine(.cumulate(reduction)), rule: Rules.along)
  }

  private static let indexSamples = [
    Sample([.uniform([2, 3, 2], in: -2...2)], ["axis": .axes([1])], gives: [2, 3, 2]),
    Sample([.uniform([1], in: -2...2)], ["axis": .axes([0])], gives: [1]),
    Sample([.uniform([0, 3], in: -2...2)], ["axis": .axes([0])], gives: [0, 3]),
  ]

  private static func index(_ name: String, _ family: RoutineFamily, _ summary: String) -> Operator
  {
    Operator(
      name, "(x: number[...S]; axis: axis)", summary, example: "\(name)([1.0, 4.0, 3.0], over: 0)",
      samples: indexSamples, lowering: .routine(family), rule: Rules.indexAlong)
  }
}
