import DLMTensor

extension Operator {
  /// Products of matrices and convolutions: linear in each operand.
  static let linear: [Operator] = [
    Operator(
      "matmul", "(a: real[...L, m, k], b: real[...L, k, n]) -> real[...L, m, n]",
      "Product of the matrices in the last two axes; axes before them are batches.",
      gradients: [
        "a": "matmul(dy, transpose(b, axes: swapped(b)))",
        "b": "matmul(transpose(a, axes: swapped(a)), dy)",
      ],
      example: "matmul([[1.0, 2.0]], [[3.0], [4.0]])",
      samples: [
        Sample([.uniform([2, 3], in: -2...2), .uniform([3, 4], in: -2...2)], gives: [2, 4]),
        Sample(
          [.uniform([2, 1, 2], in: -2...2), .uniform([2, 2, 3], in: -2...2)], gives: [2, 1, 3]),
        Sample([.uniform([2, 0], in: -2...2), .uniform([0, 3], in: -2...2)], gives: [2, 3]),
        Sample([.uniform([0, 2], in: -2...2), .uniform([2, 3], in: -2...2)], gives: [0, 3]),
        Sample([.uniform([1, 1], in: -2...2), .uniform([1, 1], in: -2...2)], gives: [1, 1]),
      ],
      lowering: .matmul),
    Operator(
      "convolve",
      """
      (x: real[N, C, ...S], w: real[O, I, ...K]; window: window, groups: int)
        -> real[N, O, \(slid)]
        where K == size, groups >= 1, C == I * groups, O % groups == 0, \(fits)
      """,
      "Cross-correlates images `x` with the windows `w`, each group of channels with its own.",
      source: "LeCun et al. 1989, Backpropagation applied to handwritten zip code recognition",
      gradients: [
        "x":
          "convolve_input_gradient(dy, w, dims: shape(x), window: window, groups: groups)",
        "w":
          "convolve_weight_gradient(x, dy, dims: shape(w), window: window, groups: groups)",
      ],
      example: "convolve(ones[1, 1, 3, 3], ones[1, 1, 2, 2], stride: 1, pad: 0, groups: 1)",
      samples: convolutions.map { Sample([$0.x, $0.w], $0.attributes, gives: $0.y.shape) },
      lowering: .convolve),
    Operator(
      "convolve_input_gradient",
      """
      (g: real[N, O, ...T], w: real[O, I, ...K]; dims: [N, C, ...S], window: window, groups: int)
        -> real[N, C, ...S]
        where T == \(slidLength), K == size, groups >= 1, C == I * groups, O % groups == 0, \(fits)
      """,
      "Gradient of `convolve` in images of `dims`, where that of its result is `g`.",
      gradients: [
        "g": "convolve(dy, w, window: window, groups: groups)",
        "w": "convolve_weight_gradient(dy, g, dims: shape(w), window: window, groups: groups)",
      ],
      example:
        "convolve_input_gradient(ones[1, 1, 2, 2], ones[1, 1, 2, 2], dims: [1, 1, 3, 3])",
      samples: convolutions.map {
        Sample([$0.y, $0.w], $0.attributes(dims: $0.x.shape), gives: $0.x.shape)
      },
      lowering: .convolveInputGradient),
    Operator(
      "convolve_weight_gradient",
      """
      (x: real[N, C, ...S], g: real[N, O, ...T]; dims: [O, I, ...K], window: window, groups: int)
        -> real[O, I, ...K]
        where T == \(slidLength), K == size, groups >= 1, C == I * groups, O % groups == 0, \(fits)
      """,
      "Gradient of `convolve` in windows of `dims`, where that of its result is `g`.",
      gradients: [
        "x": "convolve_input_gradient(g, dy, dims: shape(x), window: window, groups: groups)",
        "g": "convolve(x, dy, window: window, groups: groups)",
      ],
      example: "convolve_weight_gradient(ones[1, 1, 3, 3], ones[1, 1, 2, 2], dims: [1, 1, 2, 2])",
      samples: convolutions.map {
        Sample([$0.x, $0.y], $0.attributes(dims: $0.w.shape), gives: $0.w.shape)
      },
      lowering: .convolveWeightGradient),
  ]

  private struct Convolution {
    let x, w, y: Sample.Operand
    let attributes: Attributes

    init(_ x: Shape, _ w: Shape, _ y: Shape, _ window: Window, groups: Int = 1) {
      (self.x, self.w) = (.uniform(x, in: -1...1), .uniform(w, in: -1...1))
      self.y = .uniform(y, in: -1...1)
      attributes = ["window": .window(window), "groups": .dim(.init(groups))]
    }

    func attributes(dims: Shape) -> Attributes {
      var result = attributes
      result["dims"] = .dims(dims.dims.map { .init($0) })
      return result
    }
  }

  /// Plain; strided, padded unevenly, with a row left over; dilated; grouped; one and three spatial
  /// dims; no images; steps that leave places out; one place.
  private static let convolutions = [
    Convolution([2, 2, 3, 3], [2, 2, 2, 2], [2, 2, 2, 2], .init([2, 2])),
    Convolution(
      [1, 1, 4, 5], [1, 1, 3, 2], [1, 1, 2, 3], .init([3, 2], stride: 2, low: 1, high: 0)),
    Convolution(
      [1, 2, 4, 4], [2, 1, 2, 2], [1, 2, 2, 2], .init([2, 2], dilation: 2), groups: 2),
    Convolution([1, 4, 3], [4, 1, 2], [1, 4, 4], .init([2], low: 1, high: 1), groups: 4),
    Convolution([1, 1, 2, 3, 2], [1, 1, 2, 2, 1], [1, 1, 1, 2, 2], .init([2, 2, 1])),
    Convolution([0, 1, 3], [2, 1, 2], [0, 2, 2], .init([2])),
    Convolution([1, 1, 6, 5], [1, 1, 2, 2], [1, 1, 2, 2], .init([2, 2], stride: 3)),
    Convolution([2, 1, 1], [1, 1, 1], [2, 1, 1], .init([1])),
  ]
}

/// The length of an axis of length `S` after a window, as dlm text.
let slidLength = "(S + low + high - (dilation * (size - 1) + 1)) div stride + 1"
/// A pack of such axes.
let slid = "...(\(slidLength))"
/// That the window fits once.
let fits = "S + low + high >= dilation * (size - 1) + 1"

extension Window {
  /// A window with the same step, padding and dilation along every axis.
  init(_ size: [Int], stride: Int = 1, low: Int = 0, high: Int = 0, dilation: Int = 1) {
    func each(_ value: Int) -> [Int] { [Int](repeating: value, count: size.count) }
    self.init(
      size: size, stride: each(stride), low: each(low), high: each(high), dilation: each(dilation))
  }
}
