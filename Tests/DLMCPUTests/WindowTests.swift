import DLMCPU
import DLMTensor
import Testing

/// A convolution's sizes.
struct ConvolutionCase: Sendable {
  var spatial: [Int]
  var channels: Int
  var outputs: Int
  var window: Window
  var groups = 1

  init(_ spatial: [Int], _ channels: Int, _ outputs: Int, _ window: Window, groups: Int = 1) {
    self.spatial = spatial
    self.channels = channels
    self.outputs = outputs
    self.window = window
    self.groups = groups
  }

  var output: [Int] {
    spatial.indices.map { window.outputLength(spatial[$0], axis: $0) }
  }

  func image(_ n: Int, _ channels: Int, _ spatial: [Int], _ layout: Layout) -> Array_ {
    switch layout {
    case .rowMajor: Array_([n, channels] + spatial)
    case .batchInner(let lanes): Array_([n / lanes] + spatial + [channels, lanes])
    }
  }
}

func window(
  _ size: [Int], stride: Int = 1, low: Int = 0, high: Int? = nil, dilation: Int = 1
) -> Window {
  func all(_ value: Int) -> [Int] { size.map { _ in value } }
  return Window(
    size: size, stride: all(stride), low: all(low), high: all(high ?? low),
    dilation: all(dilation))
}

@Suite struct WindowTests {
  static let convolutions: [ConvolutionCase] = [
    ConvolutionCase([8, 9], 1, 10, window([5, 5])),
    ConvolutionCase([6, 6], 3, 7, window([3, 3], low: 1)),
    ConvolutionCase([7, 6], 4, 5, window([3, 3], stride: 2, low: 1)),
    ConvolutionCase([6, 5], 2, 3, window([4, 2], stride: 3, low: 2, high: 1)),
    ConvolutionCase([9, 9], 4, 6, window([3, 3], low: 2, dilation: 2), groups: 2),
    ConvolutionCase([9, 8], 2, 4, window([2, 3], stride: 2, low: 1, dilation: 3)),
    ConvolutionCase([4, 4], 6, 13, window([1, 1])),
    ConvolutionCase([5, 4], 6, 6, window([3, 3], low: 1), groups: 6),
    ConvolutionCase([11], 3, 4, window([7], low: 3)),
    ConvolutionCase([4, 3, 5], 2, 3, window([2, 3, 3], low: 1)),
    ConvolutionCase([7, 6], 16, 20, window([3, 3], low: 1)),
    ConvolutionCase([5, 8], 17, 16, window([3, 3], low: 0, high: 2)),
    ConvolutionCase([2, 4, 5], 16, 16, window([1, 3, 3])),
    ConvolutionCase(
      [9, 8], 5, 5, window([3, 3], stride: 2, low: 1, high: 2, dilation: 2), groups: 5),
    ConvolutionCase([3, 4, 5], 3, 3, window([2, 3, 5], low: 2), groups: 3),
    // As many channels as the largest tiles of the widest vectors take, and one less.
    ConvolutionCase([5, 4], 12, 11, window([3, 3], low: 1)),
    ConvolutionCase([4, 4], 24, 23, window([3, 3], low: 1)),
    // Three and four of their vectors of outputs.
    ConvolutionCase([4, 3], 3, 40, window([3, 3], low: 1)),
    ConvolutionCase([4, 3], 2, 50, window([3, 3], low: 1)),
    // Tiles of 2 x 2 outputs, by pairs where samples fill one vector: odd sides, one pair, one column, and
    // more than are taken at a time.
    ConvolutionCase([9, 7], 16, 17, window([3, 3], low: 1)),
    ConvolutionCase([4, 3], 16, 16, window([3, 3], low: 1)),
    ConvolutionCase([6, 1], 8, 16, window([3, 3], low: 1)),
    ConvolutionCase([2, 43], 18, 16, window([3, 3], low: 1)),
    ConvolutionCase([3, 21], 8, 9, window([3, 3], low: 2)),
    // Lines as long as before, at one end of which windows see nothing, or at both.
    ConvolutionCase([5, 19], 2, 3, window([3, 7], low: 6, high: 0)),
    ConvolutionCase([3, 4], 2, 2, window([9, 9], low: 4)),
    // Fewer outputs than a vector has, from inputs that fill it.
    ConvolutionCase([7, 6], 17, 3, window([5, 3], low: 1)),
    ConvolutionCase([6, 9], 8, 1, window([2, 4], low: 3, high: 0)),
    ConvolutionCase([12], 9, 2, window([5])),
    // Groups of several, and of few, outputs.
    ConvolutionCase([6, 5], 16, 24, window([3, 3], low: 1), groups: 2),
    ConvolutionCase([4, 5], 12, 36, window([3, 3], low: 1), groups: 3),
  ]
  static let layouts: [(Layout, Int)] = [
    (.rowMajor, 3), (.batchInner(lanes: 8), 16), (.batchInner(lanes: 16), 16),
    (.batchInner(lanes: 32), 32), (.batchInner(lanes: 24), 24),
  ]

  @Test(arguments: convolutions)
  func `convolutions and their gradients agree with the reference`(_ test: ConvolutionCase) throws {
    for (layout, n) in WindowTests.layouts { try expectConvolution(test, layout, samples: n) }
  }

  /// A matrix of all windows would be too large: some samples at a time, and some lines of one.
  @Test(arguments: [
    (4, ConvolutionCase([40, 45], 1, 2, window([32, 32], low: 3))),
    (2, ConvolutionCase([66, 63], 2, 2, window([32, 32], low: 2), groups: 2)),
    // Parts that end within a plane.
    (1, ConvolutionCase([6, 24, 40], 2, 1, window([3, 16, 16], low: 1))),
  ])
  func `many windows are multiplied part by part`(_ n: Int, _ test: ConvolutionCase) throws {
    try expectConvolution(test, .rowMajor, samples: n)
  }

  /// Several vectors of columns and some left; bands of lines and blocks of a line; strides on one axis or both.
  @Test(arguments: [
    ConvolutionCase([11, 45], 5, 5, window([7, 7], low: 3), groups: 5),
    ConvolutionCase([14, 14], 3, 3, window([5, 5], low: 2), groups: 3),
    ConvolutionCase([21, 57], 4, 4, window([3, 3], stride: 2, low: 1), groups: 4),
    ConvolutionCase([20, 34], 2, 2, window([3, 4], stride: 3, low: 2, dilation: 2), groups: 2),
    ConvolutionCase([90, 9], 2, 2, window([3, 2], low: 1), groups: 2),
    ConvolutionCase([1100], 3, 3, window([5], stride: 2, low: 4), groups: 3),
    ConvolutionCase([700], 3, 3, window([10], low: 9, high: 0), groups: 3),
    ConvolutionCase([4, 5], 2, 2, window([2, 2], stride: 3, low: 6), groups: 2),
    ConvolutionCase(
      [9, 30], 2, 2,
      Window(size: [3, 3], stride: [2, 1], low: [1, 0], high: [1, 2], dilation: [1, 2]), groups: 2),
  ])
  func `row-major planes convolved one by one agree with the reference`(_ test: ConvolutionCase)
    throws
  {
    try expectConvolution(test, .rowMajor, samples: 2)
  }

  /// Of so many inputs one tile takes the room of several.
  @Test(arguments: [(8, 264, 16), (16, 264, 16), (8, 16, 136)])
  func `hundreds of channels are taken a tile at a time`(
    _ lanes: Int, _ channels: Int, _ outputs: Int
  ) throws {
    let test = ConvolutionCase([3, 4], channels, outputs, window([3, 3], low: 1))
    try expectConvolution(test, .batchInner(lanes: lanes), samples: lanes)
  }

  private func expectConvolution(_ test: ConvolutionCase, _ layout: Layout, samples n: Int) throws {
    let x = test.image(n, test.channels, test.spatial, layout)
    let y = test.image(n, test.outputs, test.output, layout)
    let w = Array_([test.outputs, test.channels / test.groups] + test.window.size)
    try expectAgreement(
      .convolve(test.window, groups: test.groups, layout, epilogue: nil), [x, w], [y],
      within: 1e-5)
    try expectAgreement(
      .convolveInputGradient(test.window, groups: test.groups, layout), [y, w], [x],
      within: 1e-5)
    var absent = [0]
    if case .batchInner(let lanes) = layout { absent += [3, lanes / 2] }
    for absent in absent {
      try expectAgreement(
        .convolveWeightGradient(test.window, groups: test.groups, layout, absent: absent), [x, y],
        [w], within: 1e-5)
    }
  }

  @Test(arguments: [
    convolutions[1], convolutions[4], convolutions[6], convolutions[7], convolutions[10],
  ])
  func `a bias may follow a convolution`(_ test: ConvolutionCase) throws {
    for (layout, n) in WindowTests.layouts {
      let x = test.image(n, test.channels, test.spatial, layout)
      let y = test.image(n, test.outputs, test.output, layout)
      let w = Array_([test.outputs, test.channels / test.groups] + test.window.size)
      let channelAxis = layout == .rowMajor ? 1 : 3
      var bias = y
      bias.strides = y.dims.indices.map { $0 == channelAxis ? 1 : 0 }
      // One number for each line.
      var lines = y
      lines.strides[y.dims.count - 1] = 0
      for addend in layout == .rowMajor ? [bias, y, lines] : [bias, y] {
        try expectAgreement(
          .convolve(test.window, groups: test.groups, layout, epilogue: ScalarProgram(.add)),
          [x, w, addend], [y], within: 1e-5)
      }
    }
  }

  static let pools: [([Int], Window)] = [
    ([6, 8], window([2, 2], stride: 2)), ([7, 7], window([3, 3], stride: 2, low: 1)),
    ([5, 6], window([3, 2])), ([9], window([3], stride: 2, low: 1)),
    ([4, 4, 4], window([2, 2, 2], stride: 2)), ([8, 7], window([2, 3], low: 1, dilation: 2)),
    // Several vectors of windows, and some left.
    ([5, 75], window([3, 3], stride: 2, low: 1)), ([4, 70], window([3, 5], low: 2)),
    ([4, 76], window([2, 2], stride: 2)), ([6, 69], window([3, 4], stride: 3, low: 1)),
    ([3, 2, 41], window([2, 1, 3], stride: 2, low: 1, dilation: 3)),
    // Several blocks of a line; windows that lie outside; windows of one element.
    ([1100], window([3], stride: 2, low: 1)), ([600], window([4], low: 2, dilation: 2)),
    ([2, 11], window([2, 2], stride: 2, low: 5)), ([3, 20], window([1, 1], stride: 2)),
  ]

  /// Windows with several largest elements, with nothing above -∞ in them, and with NaN.
  static let choices: [[Double]] = [
    [-3, -2, -1, 0, 1, 2, 3], [-.infinity, -.infinity, -.infinity, -.infinity, .nan, 2],
  ]

  @Test(arguments: pools)
  func `pooling and its gradients agree with the reference`(_ spatial: [Int], _ window: Window)
    throws
  {
    let test = ConvolutionCase(spatial, 5, 5, window)
    // The long lines are there for row-major images.
    for (layout, n) in WindowTests.layouts where layout == .rowMajor || spatial.max()! < 40 {
      let x = test.image(n, 5, spatial, layout)
      let y = test.image(n, 5, test.output, layout)
      try expectAgreement(.meanPool(window, layout), [x], [y])
      try expectAgreement(.meanPoolGradient(window, layout), [y], [x])
      for choices in WindowTests.choices {
        var x = x
        x.choices = choices
        try expectAgreement(.maxPool(window, layout), [x], [y], within: 0)
        try expectAgreement(.maxPoolScatter(window, layout), [x, y], [x])
        try expectAgreement(.maxPoolGather(window, layout), [x, x], [y], within: 0)
      }
    }
  }
}
