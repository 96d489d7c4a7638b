import DLMTensor

extension Operator {
  /// Reading and writing at places given by whole numbers.
  static let indexing: [Operator] = [
    Operator(
      "gather", "(x: any[...], index: int[...]; axis: axis)",
      "The slices of `x` at `index` along `axis`, in whose place the dims of `index` stand.",
      gradients: ["x": "scatter_add(dy, index, dims: shape(x), axis: axis)"],
      example: "gather([10.0, 20.0, 30.0], index([2, 0], 3), axis: 0)",
      samples: [
        Sample(
          [.uniform([2, 4, 3], in: -2...2), .indices([2, 2], in: 0..<4)], ["axis": .axes([1])],
          gives: [2, 2, 2, 3]),
        Sample(
          [.uniform([3], in: -2...2), .indices([], in: 0..<3)], ["axis": .axes([0])], gives: []),
        Sample(
          [.uniform([3, 2], in: -2...2), .indices([0], in: 0..<3)], ["axis": .axes([0])],
          gives: [0, 2]),
        Sample(
          [.uniform([1, 2], in: -2...2), .indices([1], in: 0..<1)], ["axis": .axes([0])],
          gives: [1, 2]),
      ],
      lowering: .gather, rule: Rules.gather),
    Operator(
      "scatter_add", "(x: any[...], index: int[...]; dims: [...dims], axis: axis)",
      "Adds the slices of `x` to the places `index` along `axis` of zeros of `dims`.",
      gradients: ["x": "gather(dy, index, axis: axis)"],
      example: "scatter_add([1.0, 2.0, 3.0], index([2, 0, 2], 3), dims: [3], axis: 0)",
      samples: [
        Sample(
          [.uniform([2, 3, 2, 3], in: -2...2), .indices([3, 2], in: 0..<4)],
          ["axis": .axes([1]), "dims": .dims([2, 4, 3])], gives: [2, 4, 3]),
        Sample(
          [.uniform([0], in: -2...2), .indices([0], in: 0..<3)],
          ["axis": .axes([0]), "dims": .dims([3])], gives: [3]),
        Sample(
          [.uniform([1, 2], in: -2...2), .indices([1], in: 0..<1)],
          ["axis": .axes([0]), "dims": .dims([1, 2])], gives: [1, 2]),
      ],
      lowering: .scatterAdd, rule: Rules.scatterAdd),
    Operator(
      "pick", "(x: any[...], index: int[...]; axis: axis)",
      "One element of `x` along `axis` at each place: the one at `index` there.",
      gradients: ["x": "place(dy, index, dims: shape(x), axis: axis)"],
      example: "pick([[1.0, 2.0], [3.0, 4.0]], index([1, 0], 2), axis: 1)",
      samples: [
        Sample(
          [.uniform([3, 4], in: -2...2), .indices([3], in: 0..<4)], ["axis": .axes([1])],
          gives: [3]),
        Sample(
          [.uniform([2, 3, 2], in: -2...2), .indices([2, 2], in: 0..<3)], ["axis": .axes([1])],
          gives: [2, 2]),
        Sample(
          [.uniform([0, 4], in: -2...2), .indices([0], in: 0..<4)], ["axis": .axes([1])],
          gives: [0]),
        Sample(
          [.uniform([1, 1], in: -2...2), .indices([1], in: 0..<1)], ["axis": .axes([1])],
          gives: [1]),
      ],
      lowering: .pick, rule: Rules.pick),
    Operator(
      "place", "(x: any[...], index: int[...]; dims: [...dims], axis: axis)",
      "Zeros of `dims` but for the elements of `x`, each at `index` along `axis`.",
      gradients: ["x": "pick(dy, index, axis: axis)"],
      example: "place([5.0, 6.0], index([1, 0], 2), dims: [2, 2], axis: 1)",
      samples: [
        Sample(
          [.uniform([3], in: -2...2), .indices([3], in: 0..<4)],
          ["axis": .axes([1]), "dims": .dims([3, 4])], gives: [3, 4]),
        Sample(
          [.uniform([2, 2], in: -2...2), .indices([2, 2], in: 0..<3)],
          ["axis": .axes([0]), "dims": .dims([3, 2, 2])], gives: [3, 2, 2]),
        Sample(
          [.uniform([0], in: -2...2), .indices([0], in: 0..<4)],
          ["axis": .axes([1]), "dims": .dims([0, 4])], gives: [0, 4]),
        Sample(
          [.uniform([1], in: -2...2), .indices([1], in: 0..<1)],
          ["axis": .axes([1]), "dims": .dims([1, 1])], gives: [1, 1]),
      ],
      lowering: .place, rule: Rules.place),
  ]
}
