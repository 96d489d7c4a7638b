import DLMTensor

extension Operator {
  /// Fourier transforms of real numbers, and their adjoints.
  static let fourier: [Operator] = [
    Operator(
      "fourier", "(x: real[...S, n]) -> real[...S, n div 2 + 1, 2] where n >= 1",
      """
      Real and imaginary part of the discrete Fourier transform along the last axis, up to half the \
      rate.
      """,
      source: "Cooley and Tukey 1965, https://doi.org/10.1090/S0025-5718-1965-0178586-1",
      gradients: ["x": "fourier_adjoint(dy, length: length(x))"],
      example: "fourier([1.0, 0.0, -1.0, 0.0])",
      samples: lengths.map {
        Sample([.uniform([2, $0], in: -2...2)], gives: [2, $0 / 2 + 1, 2])
      } + [Sample([.uniform([0, 4], in: -2...2)], gives: [0, 3, 2])],
      lowering: .routine(.fourier)),
    Operator(
      "fourier_adjoint",
      """
      (x: real[...S, m, 2]; length: int) -> real[...S, length]
        where length >= 1, m == length div 2 + 1
      """,
      """
      At each t of `length` the sum over k of `x[k, 0] * cos(2 pi k t / length) \
      - x[k, 1] * sin(2 pi k t / length)`.
      """,
      source: "Cooley and Tukey 1965, https://doi.org/10.1090/S0025-5718-1965-0178586-1",
      gradients: ["x": "fourier(dy)"],
      example: "fourier_adjoint([[1.0, 0.0], [1.0, 0.0]], length: 2)",
      samples: lengths.map {
        Sample(
          [.uniform([$0 / 2 + 1, 2], in: -2...2)], ["length": .dim(.init($0))], gives: [$0])
      } + [Sample([.uniform([0, 3, 2], in: -2...2)], ["length": .dim(4)], gives: [0, 4])],
      lowering: .routine(.fourierAdjoint)),
  ]

  /// One, powers of two, with odd factors, prime.
  private static let lengths = [1, 2, 4, 6, 5]
}
