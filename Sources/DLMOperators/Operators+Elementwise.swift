import DLMTensor

extension Operator {
  /// Functions of the elements at one place.
  static let elementwise: [Operator] =
    unary + binary + [
      Operator(
        "select", "(condition: bool[...S], a: any[...S], b: any[...S]) -> any[...S]",
        "Elements of `a` where `condition` holds, else those of `b`.",
        gradients: ["a": "select(condition, dy, 0)", "b": "select(condition, 0, dy)"],
        example: "select([1.0, -1.0] > 0, 10, 20)",
        samples: [
          Sample(
            [.flags([2, 3]), .uniform([2, 3], in: -2...2), .uniform([2, 3], in: -2...2)],
            gives: [2, 3]),
          Sample([.flags([0]), .uniform([0], in: 0...1), .uniform([0], in: 0...1)], gives: [0]),
          Sample([.flags([1]), .uniform([1], in: 0...1), .uniform([1], in: 0...1)], gives: [1]),
        ],
        lowering: .map(.select)),
      Operator(
        "cast", "(x: any[...S]; type: type)",
        "The same numbers as elements of another type; whole numbers are cut off and clamped.",
        gradients: ["x": "cast(dy, type: type(x))"],
        example: "cast([1.5, -2.5], type: i32)",
        samples: [
          Sample([.uniform([2, 3], in: -2...2)], ["type": .elementType(.f64)], gives: [2, 3]),
          Sample([.indices([4], in: -3..<3)], ["type": .elementType(.f64)], gives: [4]),
          Sample([.flags([0, 2])], ["type": .elementType(.i32)], gives: [0, 2]),
          Sample([.uniform([1], in: -2...2)], ["type": .elementType(.f64)], gives: [1]),
        ],
        lowering: .cast, rule: Rules.cast),
      Operator(
        "stop_gradient", "(x: any[...S]) -> any[...S]",
        "The same elements, through which no gradient passes.",
        example: "stop_gradient([1.0, 2.0])",
        samples: [
          Sample([.uniform([2, 3], in: -2...2)], gives: [2, 3]),
          Sample([.uniform([1, 0], in: -2...2)], gives: [1, 0]),
        ],
        lowering: .stopGradient),
    ]

  /// An operator of one operand; samples are drawn from `range`.
  private static func unary(
    _ function: ScalarFunction, _ kinds: (of: String, to: String), _ summary: String,
    gradient: String? = nil, example: String, in range: ClosedRange<Double> = -2...2,
    source: String? = nil
  ) -> Operator {
    Operator(
      function.name, "(x: \(kinds.of)[...S]) -> \(kinds.to)[...S]", summary, source: source,
      gradients: gradient.map { ["x": $0] } ?? [:], example: example,
      samples: [
        Sample([.uniform([2, 3], in: range)], gives: [2, 3]),
        Sample([.uniform([], in: range)], gives: []),
        Sample([.uniform([1, 0], in: range)], gives: [1, 0]),
      ], lowering: .map(function))
  }

  private static let unary: [Operator] = [
    unary(
      .negate, ("number", "number"), "Each element with the other sign.", gradient: "-dy",
      example: "negate([1.0, -2.0])"),
    unary(
      .abs, ("number", "number"), "Each element without its sign.", gradient: "dy * sign(x)",
      example: "abs([1.0, -2.0])", in: 0.5...2),
    unary(
      .sign, ("number", "number"), "The sign of each element: 1, -1, or 0 for zeros.",
      example: "sign([1.5, 0.0, -2.0])", in: -2 ... -0.5),
    unary(
      .exp, ("real", "real"), "Raises e to the power of each element.", gradient: "dy * y",
      example: "exp([0.0, 1.0])"),
    unary(
      .log, ("real", "real"), "Natural logarithm of each element; NaN where `x < 0`.",
      gradient: "dy / x", example: "log([1.0, 2.718281828])", in: 0.5...4),
    unary(
      .sqrt, ("real", "real"), "Square root of each element; NaN where `x < 0`.",
      gradient: "dy / (2 * y)", example: "sqrt([4.0, 9.0])", in: 0.5...4),
    unary(
      .sin, ("real", "real"), "Sine of each element, in radians.", gradient: "dy * cos(x)",
      example: "sin([0.0, 1.5707963])"),
    unary(
      .cos, ("real", "real"), "Cosine of each element, in radians.", gradient: "-dy * sin(x)",
      example: "cos([0.0, 3.1415927])"),
    unary(
      .tanh, ("real", "real"), "Hyperbolic tangent of each element.",
      gradient: "dy * (1 - y * y)", example: "tanh([0.0, 1.0])"),
    unary(
      .sigmoid, ("real", "prob"), "Each element moved into 0 to 1: `1 / (1 + exp(-x))`.",
      gradient: "dy * (y * (1 - y))", example: "sigmoid([0.0, 4.0])"),
    unary(
      .erf, ("real", "real"), "Error function of each element.",
      // d/dx erf x = 2 / sqrt(pi) * exp(-x^2)
      gradient: "dy * (1.1283791670955126 * exp(-(x * x)))", example: "erf([0.0, 1.0])",
      source: "Abramowitz and Stegun 1964, 7.1.1"),
    unary(
      .erf_inverse, ("real", "real"),
      "The number whose error function is each element; NaN outside -1 to 1.",
      // d/dx = sqrt(pi) / 2 * exp(y^2)
      gradient: "dy * (0.886226925452758 * exp(y * y))", example: "erf_inverse([0.0, 0.5])",
      in: -0.9...0.9, source: "Winitzki 2008, for the first approximation"),
    unary(
      .expm1, ("real", "real"),
      "What `exp(x) - 1` is, right to the last digits where `x` is small.",
      gradient: "dy * (y + 1)", example: "expm1([0.0, 1e-6])"),
    unary(
      .log1p, ("real", "real"),
      "What `log(1 + x)` is, right to the last digits where `x` is small.",
      gradient: "dy / (1 + x)", example: "log1p([0.0, 1e-6])", in: -0.5...4),
    unary(
      .lgamma, ("real", "real"), "Logarithm of the absolute value of the gamma function.",
      gradient: "dy * polygamma(0, x)", example: "lgamma([1.0, 5.0])", in: 0.5...4,
      source: "Abramowitz and Stegun 1964, 6.1"),
    Operator(
      "polygamma", "(order: any[...S], x: real[...S]) -> real[...S]",
      """
      Derivative number `order` of the derivative of `lgamma`: the digamma function for order 0; NaN \
      below -10000.
      """,
      source: "Abramowitz and Stegun 1964, 6.4",
      gradients: ["x": "dy * polygamma(1 + cast(order, type: type(x)), x)"],
      example: "polygamma([0, 1], [1.0, 1.0])",
      samples: [
        Sample([.indices([2, 3], in: 0..<3), .uniform([2, 3], in: 0.5...4)], gives: [2, 3]),
        Sample([.indices([], in: 0..<1), .uniform([], in: -0.8 ... -0.2)], gives: []),
        Sample([.indices([0, 1], in: 0..<1), .uniform([0, 1], in: 0.5...4)], gives: [0, 1]),
      ], lowering: .map(.polygamma)),
    unary(
      .floor, ("real", "real"), "The largest whole number that is not above each element.",
      example: "floor([1.5, -1.5])", in: 0.2...0.8),
    unary(
      .ceil, ("real", "real"), "The smallest whole number that is not below each element.",
      example: "ceil([1.5, -1.5])", in: 0.2...0.8),
    unary(
      .round, ("real", "real"), "The nearest whole number, the even one of two.",
      example: "round([0.5, 1.5, 2.4])", in: 0.6...1.4),
    unary(
      .round_bf16, ("real", "real"),
      "The nearest number of eight leading bits, as in the format bfloat16; the even one of two.",
      example: "round_bf16([1.001, 3.14159])", in: 1.001...1.003,
      source: "Kalamkar et al. 2019, https://arxiv.org/abs/1905.12322"),
    unary(
      .is_nan, ("real", "bool"), "Whether each element is not a number.",
      example: "is_nan([1.0, 2.0])"),
    Operator(
      "logical_not", "(x: bool[...S]) -> bool[...S]", "Whether each element does not hold.",
      example: "logical_not([1.0, -1.0] > 0)",
      samples: [
        Sample([.flags([2, 3])], gives: [2, 3]), Sample([.flags([1, 0])], gives: [1, 0]),
      ], lowering: .map(.logical_not)),
  ]

  private static func binary(
    _ function: ScalarFunction, _ summary: String, kind: String = "number",
    gradients: (a: String, b: String), example: String,
    in ranges: (a: ClosedRange<Double>, b: ClosedRange<Double>) = (-2...2, -2...2)
  ) -> Operator {
    Operator(
      function.name, "(a: \(kind)[...S], b: \(kind)[...S]) -> \(kind)[...S]", summary,
      gradients: ["a": gradients.a, "b": gradients.b], example: example,
      samples: [
        Sample([.uniform([2, 3], in: ranges.a), .uniform([2, 3], in: ranges.b)], gives: [2, 3]),
        Sample([.uniform([], in: ranges.a), .uniform([], in: ranges.b)], gives: []),
        Sample([.uniform([0, 1], in: ranges.a), .uniform([0, 1], in: ranges.b)], gives: [0, 1]),
      ], lowering: .map(function))
  }

  private static let binary: [Operator] = [
    binary(
      .add, "Sum of the elements at each place.", gradients: ("dy", "dy"),
      example: "add([1.0, 2.0], [3.0, 4.0])"),
    binary(
      .subtract, "Difference of the elements at each place.", gradients: ("dy", "-dy"),
      example: "subtract([1.0, 2.0], [3.0, 5.0])"),
    binary(
      .multiply, "Product of the elements at each place.", gradients: ("dy * b", "dy * a"),
      example: "multiply([1.0, 2.0], [3.0, 4.0])"),
    binary(
      .divide, "Quotient of the elements at each place.", kind: "real",
      gradients: ("dy / b", "-dy * y / b"), example: "divide([1.0, 2.0], [4.0, 4.0])",
      in: (-2...2, 0.5...2)),
    binary(
      .power, "Power of `a` to `b` at each place; NaN for a fraction of a negative number.",
      // Where b is 0 the slope is 0, also at a = 0, where a^(b - 1) is infinite. Where a is not
      // positive, the slope in b is not a real number and taken for 0.
      gradients: (
        "dy * (b * a ^ select(b == 0, 1, b - 1))", "dy * (y * log(select(a > 0, a, 1)))"
      ),
      example: "power([2.0, 3.0], [3.0, 2.0])", in: (0.5...2, -2...2)),
    binary(
      .modulo, "Remainder of flooring division at each place: it has the sign of `b`.",
      gradients: ("dy", "-dy * floor(a / b)"), example: "modulo([7.0, -7.0], [3.0, 3.0])",
      in: (1.1...1.9, 0.8...1)),
    binary(
      .atan2, "The angle from the first axis to the point `(b, a)`, in radians.", kind: "real",
      gradients: ("dy * b / (a * a + b * b)", "-dy * a / (a * a + b * b)"),
      example: "atan2([1.0, 0.0], [1.0, -1.0])", in: (0.5...2, -2...2)),
    binary(
      .minimum, "The smaller of the elements at each place; of equals, the gradient goes to `b`.",
      gradients: ("select(a < b, dy, 0)", "select(a < b, 0, dy)"),
      example: "minimum([1.0, 4.0], [3.0, 2.0])", in: (-2 ... -0.1, 0.1...2)),
    binary(
      .maximum, "The larger of the elements at each place; of equals, the gradient goes to `b`.",
      gradients: ("select(a > b, dy, 0)", "select(a > b, 0, dy)"),
      example: "maximum([1.0, 4.0], [3.0, 2.0])", in: (-2 ... -0.1, 0.1...2)),
  ]

  private static func comparison(
    _ function: ScalarFunction, _ kind: String, _ summary: String, example: String
  ) -> Operator {
    let operand: @Sendable (Shape) -> Sample.Operand = {
      kind == "bool" ? .flags($0) : .indices($0, in: -2..<2)
    }
    return Operator(
      function.name, "(a: \(kind)[...S], b: \(kind)[...S]) -> bool[...S]", summary,
      example: example,
      samples: [
        Sample([operand([2, 3]), operand([2, 3])], gives: [2, 3]),
        Sample([operand([]), operand([])], gives: []),
        Sample([operand([1, 0]), operand([1, 0])], gives: [1, 0]),
      ], lowering: .map(function))
  }

  /// Comparisons and logic, without gradients.
  static let comparisons: [Operator] = [
    comparison(
      .less, "number", "Whether `a < b` at each place.", example: "less([1.0, 4.0], [3.0, 2.0])"),
    comparison(
      .less_equal, "number", "Whether `a <= b` at each place.",
      example: "less_equal([1.0, 4.0], [1.0, 2.0])"),
    comparison(
      .equal, "any", "Whether `a` and `b` are the same at each place; a NaN equals nothing.",
      example: "equal([1.0, 4.0], [1.0, 2.0])"),
    comparison(
      .not_equal, "any", "Whether `a` and `b` differ at each place.",
      example: "not_equal([1.0, 4.0], [1.0, 2.0])"),
    comparison(
      .logical_and, "bool", "Whether both hold at each place.",
      example: "logical_and([1.0, 2.0] > 0, [1.0, 2.0] > 1)"),
    comparison(
      .logical_or, "bool", "Whether one of both holds at each place.",
      example: "logical_or([1.0, 2.0] > 3, [1.0, 2.0] > 1)"),
  ]
}
