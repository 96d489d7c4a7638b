import DLMTensor

extension Operator {
  /// Pooling: a window slides over the spatial axes of each channel.
  static let windows: [Operator] = [
    Operator(
      "max_pool", "(x: real[N, C, ...S]; window: window) -> real[N, C, \(slid)] where \(fits)",
      "The largest element of each window; padding never wins.",
      gradients: ["x": "max_pool_scatter(x, dy, window: window)"],
      example: "max_pool(ones[1, 1, 4, 4], k: 2, stride: 2, pad: 0)",
      samples: poolings.map { Sample([$0.x], $0.attributes, gives: $0.y.shape) },
      lowering: .maxPool),
    Operator(
      "max_pool_scatter",
      """
      (x: real[N, C, ...S], g: real[N, C, ...T]; window: window) -> real[N, C, ...S]
        where T == \(slidLength), \(fits)
      """,
      "Adds each element of `g` to the place of the first largest element of its window in `x`.",
      gradients: ["g": "max_pool_gather(x, dy, window: window)"],
      example: "max_pool_scatter(ones[1, 1, 4, 4], ones[1, 1, 2, 2], k: 2, stride: 2, pad: 0)",
      samples: poolings.map { Sample([$0.x, $0.y], $0.attributes, gives: $0.x.shape) },
      lowering: .maxPoolScatter),
    Operator(
      "max_pool_gather",
      """
      (x: real[N, C, ...S], v: real[N, C, ...S]; window: window) -> real[N, C, \(slid)]
        where \(fits)
      """,
      "The elements of `v` at the places of the first largest element of each window in `x`.",
      gradients: ["v": "max_pool_scatter(x, dy, window: window)"],
      example: "max_pool_gather(ones[1, 1, 4, 4], ones[1, 1, 4, 4], k: 1, stride: 1, pad: 0)",
      samples: poolings.map { Sample([$0.x, $0.x], $0.attributes, gives: $0.y.shape) },
      lowering: .maxPoolGather),
    Operator(
      "mean_pool", "(x: real[N, C, ...S]; window: window) -> real[N, C, \(slid)] where \(fits)",
      "The mean of each window over all its places; padding counts as 0.",
      gradients: ["x": "mean_pool_gradient(dy, dims: shape(x), window: window)"],
      example: "mean_pool(ones[1, 1, 4, 4], k: 2, stride: 2, pad: 0)",
      samples: poolings.map { Sample([$0.x], $0.attributes, gives: $0.y.shape) },
      lowering: .meanPool),
    Operator(
      "mean_pool_gradient",
      """
      (g: real[N, C, ...T]; dims: [N, C, ...S], window: window) -> real[N, C, ...S]
        where T == \(slidLength), \(fits)
      """,
      "Gradient of `mean_pool` in images of `dims`, where that of its result is `g`.",
      gradients: ["g": "mean_pool(dy, window: window)"],
      example: "mean_pool_gradient(ones[1, 1, 2, 2], dims: [1, 1, 4, 4], k: 2, stride: 2, pad: 0)",
      samples: poolings.map { sample in
        var attributes = sample.attributes
        attributes["dims"] = .dims(sample.x.shape.dims.map { .init($0) })
        return Sample([sample.y], attributes, gives: sample.x.shape)
      },
      lowering: .meanPoolGradient),
  ]

  private struct Pooling {
    let x, y: Sample.Operand
    let attributes: Attributes

    init(_ x: Shape, _ y: Shape, _ window: Window) {
      (self.x, self.y) = (.uniform(x, in: -2...2), .uniform(y, in: -2...2))
      attributes = ["window": .window(window)]
    }
  }

  /// Side by side with a row left over; overlapping and padded; dilated; one spatial dim; no
  /// images; steps that leave places out; one place.
  private static let poolings = [
    Pooling([2, 2, 4, 3], [2, 2, 2, 1], .init([2, 2], stride: 2)),
    Pooling([1, 1, 4, 4], [1, 1, 3, 3], .init([3, 3], stride: 2, low: 1, high: 2)),
    Pooling([1, 2, 3, 4], [1, 2, 1, 2], .init([2, 2], dilation: 2)),
    Pooling([1, 2, 5], [1, 2, 4], .init([2])),
    Pooling([0, 1, 2], [0, 1, 1], .init([2])),
    Pooling([1, 1, 6, 5], [1, 1, 2, 2], .init([2, 2], stride: 3)),
    Pooling([2, 1, 1], [2, 1, 1], .init([1])),
  ]
}
