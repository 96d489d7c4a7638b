import DLMTensor

extension Operator {
  /// The same elements at other places.
  static let shapes: [Operator] = [
    Operator(
      "broadcast", "(x: any[...S]; dims: [...dims], axes: axes)",
      "Repeats `x` along `axes`, which the result of `dims` has and `x` lacks.",
      gradients: ["x": "sum(dy, axes: axes)"],
      example: "broadcast([1.0, 2.0], dims: [3, 2], axes: [0])",
      samples: [
        Sample(
          [.uniform([3], in: -2...2)], ["dims": .dims([2, 3, 4]), "axes": .axes([0, 2])],
          gives: [2, 3, 4]),
        Sample(
          [.uniform([], in: -2...2)], ["dims": .dims([2, 2]), "axes": .axes([0, 1])],
          gives: [2, 2]),
        Sample(
          [.uniform([2], in: -2...2)], ["dims": .dims([0, 2]), "axes": .axes([0])], gives: [0, 2]),
        Sample([.uniform([2], in: -2...2)], ["dims": .dims([2]), "axes": .axes([])], gives: [2]),
        Sample(
          [.uniform([1, 0], in: -2...2)], ["dims": .dims([1, 3, 0]), "axes": .axes([1])],
          gives: [1, 3, 0]),
      ],
      lowering: .broadcast, rule: Rules.broadcast),
    Operator(
      "reshape", "(x: any[...S]; dims: [...dims])",
      "Splits axes, or merges neighbours into one; the order of the elements stays.",
      gradients: ["x": "reshape(dy, dims: shape(x))"],
      example: "reshape([[1.0, 2.0], [3.0, 4.0]], dims: [4])",
      samples: [
        Sample([.uniform([2, 3, 2], in: -2...2)], ["dims": .dims([2, 6])], gives: [2, 6]),
        Sample(
          [.uniform([6, 2], in: -2...2)], ["dims": .dims([2, 3, 1, 2])], gives: [2, 3, 1, 2]),
        Sample([.uniform([1, 1], in: -2...2)], ["dims": .dims([])], gives: []),
        Sample([.uniform([0, 3], in: -2...2)], ["dims": .dims([3, 0, 2])], gives: [3, 0, 2]),
      ],
      lowering: .reshape, rule: Rules.reshape),
    Operator(
      "reinterpret", "(x: any[...S]; dims: [...dims]) -> any[...dims] where prod(S) == prod(dims)",
      "Reads the elements in their order as a tensor of `dims`, whatever the axes meant.",
      gradients: ["x": "reinterpret(dy, dims: shape(x))"],
      example: "reinterpret([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dims: [3, 2])",
      samples: [
        Sample([.uniform([2, 3], in: -2...2)], ["dims": .dims([3, 2])], gives: [3, 2]),
        Sample([.uniform([0], in: -2...2)], ["dims": .dims([2, 0])], gives: [2, 0]),
        Sample([.uniform([1], in: -2...2)], ["dims": .dims([1, 1])], gives: [1, 1]),
      ],
      lowering: .reshape),
    Operator(
      "transpose", "(x: any[...S]; axes: axes)",
      "Puts axis `axes[i]` of `x` at place `i`.",
      gradients: ["x": "transpose(dy, axes: undone(axes))"],
      example: "transpose([[1.0, 2.0], [3.0, 4.0]], axes: [1, 0])",
      samples: [
        Sample([.uniform([2, 3, 4], in: -2...2)], ["axes": .axes([2, 0, 1])], gives: [4, 2, 3]),
        Sample([.uniform([1, 0], in: -2...2)], ["axes": .axes([1, 0])], gives: [0, 1]),
        Sample([.uniform([], in: -2...2)], ["axes": .axes([])], gives: []),
      ],
      lowering: .transpose, rule: Rules.transpose),
    Operator(
      "slice",
      """
      (x: any[...S]; starts: [...starts], dims: [...dims], steps: [...steps] = 1) -> any[...dims]
        where starts >= 0, steps >= 1, starts + (dims - 1) * steps < S
      """,
      "The elements of `x` at `starts`, `starts + steps` and so on, `dims` of them.",
      gradients: ["x": "pad(dy, low: starts, dims: shape(x), steps: steps)"],
      example: "slice([1.0, 2.0, 3.0, 4.0], starts: [1], dims: [2])",
      samples: [
        Sample(
          [.uniform([4, 7], in: -2...2)],
          ["starts": .dims([1, 0]), "dims": .dims([2, 3]), "steps": .dims([1, 3])], gives: [2, 3]),
        Sample(
          [.uniform([3, 2], in: -2...2)], ["starts": .dims([2, 0]), "dims": .dims([1, 2])],
          gives: [1, 2]),
        Sample(
          [.uniform([3], in: -2...2)], ["starts": .dims([1]), "dims": .dims([0])], gives: [0]),
        Sample(
          [.uniform([1, 0], in: -2...2)], ["starts": .dims([0, 0]), "dims": .dims([1, 0])],
          gives: [1, 0]),
      ],
      lowering: .slice),
    Operator(
      "pad",
      """
      (x: any[...S]; low: [...low], dims: [...dims], steps: [...steps] = 1, value: real = 0)
        -> any[...dims]
        where low >= 0, steps >= 1, low + (S - 1) * steps < dims
      """,
      "Spreads `x` over `dims`, from `low` on in `steps`; everywhere else is `value`.",
      gradients: ["x": "slice(dy, starts: low, dims: shape(x), steps: steps)"],
      example: "pad([1.0, 2.0], low: [1], dims: [4])",
      samples: [
        Sample(
          [.uniform([2, 3], in: -2...2)],
          [
            "low": .dims([1, 0]), "dims": .dims([4, 8]), "steps": .dims([2, 3]),
            "value": .real(0.5),
          ], gives: [4, 8]),
        Sample(
          [.uniform([2], in: -2...2)], ["low": .dims([0]), "dims": .dims([2])], gives: [2]),
        Sample(
          [.uniform([0], in: -2...2)], ["low": .dims([1]), "dims": .dims([3])], gives: [3]),
        Sample(
          [.uniform([1], in: -2...2)], ["low": .dims([2]), "dims": .dims([3])], gives: [3]),
      ],
      lowering: .pad),
    Operator(
      "reverse", "(x: any[...S]; axes: axes)",
      "The elements in the opposite order along `axes`.",
      gradients: ["x": "reverse(dy, axes: axes)"],
      example: "reverse([1.0, 2.0, 3.0], axes: [0])",
      samples: [
        Sample([.uniform([2, 3], in: -2...2)], ["axes": .axes([1])], gives: [2, 3]),
        Sample([.uniform([2, 0], in: -2...2)], ["axes": .axes([0, 1])], gives: [2, 0]),
        Sample([.uniform([1], in: -2...2)], ["axes": .axes([0])], gives: [1]),
      ],
      lowering: .reverse, rule: Rules.reverse),
    Operator(
      "concatenate", "(...x: any[...]; axis: axis)",
      "Joins tensors along `axis`, one after the other.",
      gradients: ["x": "slice(dy, starts: before, dims: shape(x))"],
      example: "concatenate([1.0, 2.0], [3.0], axis: 0)",
      samples: [
        Sample(
          [
            .uniform([2, 1], in: -2...2), .uniform([2, 3], in: -2...2),
            .uniform([2, 2], in: -2...2),
          ],
          ["axis": .axes([1])], gives: [2, 6]),
        Sample(
          [.uniform([2, 3], in: -2...2), .uniform([0, 3], in: -2...2)], ["axis": .axes([0])],
          gives: [2, 3]),
        Sample([.uniform([3], in: -2...2)], ["axis": .axes([0])], gives: [3]),
      ],
      lowering: .concatenate, rule: Rules.concatenate),
    Operator(
      "renewed", "(x: any[...S]; stream: stream) -> any[...S]",
      "The same elements under a new name, so that what is computed from them is computed anew.",
      source: "Griewank and Walther 2000, https://doi.org/10.1145/347837.347846",
      gradients: ["x": "dy"], example: "renewed([1.0, 2.0])",
      samples: [
        Sample([.uniform([2, 3], in: -2...2)], ["stream": .stream(1)], gives: [2, 3]),
        Sample([.uniform([0, 1], in: -2...2)], ["stream": .stream(1)], gives: [0, 1]),
      ],
      lowering: .renewed),
  ]
}
