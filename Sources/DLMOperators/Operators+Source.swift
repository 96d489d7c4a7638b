import DLMTensor

extension Operator {
  /// Tensors out of nothing: draws, counts, constants.
  static let sources: [Operator] = [
    random(
      .uniform, "Draws from the uniform distribution over 0 to 1, without 1."),
    random(
      .normal, "Draws from the normal distribution with mean 0 and standard deviation 1.",
      source: "Box and Muller 1958, https://doi.org/10.1214/aoms/1177706645"),
    Operator(
      "iota", "(; dims: [...dims], axis: axis)",
      "Whole numbers that count along `axis` from 0.",
      example: "iota(dims: [2, 3], axis: 1)",
      samples: [
        Sample([], ["dims": .dims([2, 3]), "axis": .axes([1])], gives: [2, 3]),
        Sample([], ["dims": .dims([0]), "axis": .axes([0])], gives: [0]),
      ],
      lowering: .iota, rule: Rules.iota),
    Operator(
      "constant", "(; value: real, dims: [...dims], type: type = f32)",
      "A tensor of `dims` whose every element is `value`.",
      example: "constant(value: 2.5, dims: [2, 2])",
      samples: [
        Sample([], ["value": .real(2.5), "dims": .dims([2, 2])], gives: [2, 2]),
        Sample(
          [], ["value": .real(3), "dims": .dims([]), "type": .elementType(.i32)], gives: []),
      ],
      lowering: .constant, rule: Rules.filled),
  ]

  private static func random(_ distribution: Distribution, _ summary: String, source: String? = nil)
    -> Operator
  {
    Operator(
      distribution.rawValue,
      "(; dims: [...dims], stream: stream, fixed: bool = false, type: type = f32)",
      "\(summary) Each step has its own draw, unless it is `fixed`.",
      source: source ?? "Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405",
      example: "\(distribution.rawValue)(dims: [2, 3])",
      samples: [
        Sample([], ["dims": .dims([2, 3]), "stream": .stream(1)], gives: [2, 3]),
        Sample(
          [],
          [
            "dims": .dims([5]), "stream": .stream(2), "fixed": .bool(true),
            "type": .elementType(.f64),
          ], gives: [5]),
        Sample([], ["dims": .dims([0, 2]), "stream": .stream(3)], gives: [0, 2]),
      ], lowering: .random(distribution), rule: Rules.filled)
  }
}
