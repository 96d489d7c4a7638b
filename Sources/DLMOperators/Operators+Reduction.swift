import DLMTensor

extension Operator {
  /// Axes become one element.
  static let reductions: [Operator] = [
    reduction(
      .sum, "Sum over `axes`; 0 over nothing.",
      gradient: "broadcast(dy, dims: shape(x), axes: axes)"),
    reduction(
      .product, "Product over `axes`; 1 over nothing.",
      // The product of the others: y / x where nothing is zero, and at the only zero the product of
      // what is not; zero wherever another element is. Its own gradient is right for one zero at
      // most.
      gradient: """
        broadcast(dy, dims: shape(x), axes: axes)
          * select(x == 0,
              select(broadcast(sum(cast(x == 0, type: type(x)), axes: axes),
                       dims: shape(x), axes: axes) == 1,
                broadcast(product(select(x == 0, 1, x), axes: axes), dims: shape(x), axes: axes),
                0),
              broadcast(y, dims: shape(x), axes: axes) / select(x == 0, 1, x))
        """,
      more: [
        Sample(
          [.reals([2, 3], [1.5, 0, -2, 0.5, 3, -1])], ["axes": .axes([1])], gives: [2])
      ]),
    reduction(
      .max, "The largest over `axes`, NaN if one is; -∞ over nothing. Equals share the gradient.",
      gradient: extremumGradient),
    reduction(
      .min, "The smallest over `axes`, NaN if one is; ∞ over nothing. Equals share the gradient.",
      gradient: extremumGradient),
    indexOf(.max, "Index of the first largest element along `axis`; a NaN is the largest."),
    indexOf(.min, "Index of the first smallest element along `axis`; a NaN is the smallest."),
  ]

  private static let extremumGradient = """
    select(x == broadcast(y, dims: shape(x), axes: axes),
      broadcast(
        dy / sum(cast(x == broadcast(y, dims: shape(x), axes: axes), type: type(x)), axes: axes),
        dims: shape(x), axes: axes),
      0)
    """

  private static func reduction(
    _ reduction: Reduction, _ summary: String, gradient: String, more: [Sample] = []
  ) -> Operator {
    // Products of nine numbers near one keep their size, and no two of them are equal.
    let range = 0.5...2.0
    return Operator(
      reduction.rawValue, "(x: number[...S]; axes: axes)", summary, gradients: ["x": gradient],
      example: "\(reduction.rawValue)([1.0, 4.0, 3.0], axes: [0])",
      samples: [
        Sample([.uniform([2, 3, 2], in: range)], ["axes": .axes([0, 2])], gives: [3]),
        Sample([.uniform([3, 3], in: range)], ["axes": .axes([0, 1])], gives: []),
        Sample([.uniform([3], in: range)], ["axes": .axes([])], gives: [3]),
        Sample([.uniform([2, 0], in: range)], ["axes": .axes([1])], gives: [2]),
        Sample([.uniform([2, 1], in: range)], ["axes": .axes([1])], gives: [2]),
      ] + more, lowering: .reduce(reduction), rule: Rules.reduce)
  }

  private static func indexOf(_ extremum: Extremum, _ summary: String) -> Operator {
    Operator(
      "arg\(extremum)", "(x: number[...S]; axis: axis)", summary,
      example: "arg\(extremum)([1.0, 4.0, 3.0], axis: 0)",
      samples: [
        Sample([.uniform([2, 3, 2], in: -2...2)], ["axis": .axes([1])], gives: [2, 2]),
        Sample([.uniform([1], in: -2...2)], ["axis": .axes([0])], gives: []),
        Sample([.uniform([0, 3], in: -2...2)], ["axis": .axes([1])], gives: [0]),
      ], lowering: .indexOf(extremum), rule: Rules.indexOf)
  }
}
