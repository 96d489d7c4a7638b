import DLMCPU
import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// A window over an image with a border is one that stands over the edge of the image: no plan makes the
/// border, forwards or backwards, whatever its two sides are.
@Suite struct BorderTests {
  struct Bordered: CustomTestStringConvertible {
    var name: String
    var x: [Int]
    var w: [Int]
    var window: Window
    var groups = 1
    var low: [Int]
    var high: [Int]

    var testDescription: String { name }

    init(
      _ name: String, _ x: [Int], _ w: [Int], low: [Int], high: [Int], stride: Int = 1,
      pad: Int = 0, dilation: Int = 1, groups: Int = 1
    ) {
      (self.name, self.x, self.w, self.low, self.high) = (name, x, w, low, high)
      self.groups = groups
      func each(_ value: Int) -> [Int] { low.map { _ in value } }
      window = Window(
        size: Array(w.dropFirst(2)), stride: each(stride), low: each(pad), high: each(pad),
        dilation: each(dilation))
    }

    /// The dims of the image with its border.
    var padded: [Int] {
      Array(x.prefix(2)) + low.indices.map { low[$0] + x[$0 + 2] + high[$0] }
    }

    func bordered(_ x: NodeID, by value: Double, _ graph: inout Graph) throws -> NodeID {
      let places = ([0, 0] + low).map { Dim($0) }
      let dims = padded.map { Dim($0) }
      return try graph.apply(
        "pad", [x], ["low": .dims(places), "dims": .dims(dims), "value": .real(value)])
    }
  }

  static let convolutions = [
    Bordered("causal", [3, 2, 7], [4, 2, 3], low: [2], high: [0]),
    Bordered("causal in lanes", [8, 2, 7], [4, 2, 3], low: [2], high: [0]),
    Bordered("causal, far apart", [16, 3, 9], [2, 3, 3], low: [4], high: [0], dilation: 2),
    Bordered(
      "all that TensorFlow adds before a stride", [3, 2, 6, 8], [4, 2, 3, 3], low: [0, 0],
      high: [1, 1], stride: 2),
    Bordered(
      "the same in lanes", [16, 2, 6, 8], [4, 2, 3, 3], low: [0, 0], high: [1, 1], stride: 2),
    Bordered("Winograd", [16, 16, 4, 5], [16, 16, 3, 3], low: [2, 0], high: [0, 1]),
    Bordered("Winograd, row-major", [2, 16, 4, 5], [16, 16, 3, 3], low: [2, 0], high: [0, 1]),
    Bordered(
      "a channel each", [8, 4, 6, 5], [4, 1, 3, 3], low: [2, 1], high: [0, 1], groups: 4),
    Bordered("a channel each, row-major", [2, 4, 6], [8, 1, 3], low: [0], high: [2], groups: 4),
    Bordered("groups", [9, 4, 6], [6, 2, 3], low: [1], high: [0], groups: 2),
    Bordered("three axes", [2, 1, 2, 3, 4], [2, 1, 2, 2, 2], low: [1, 0, 1], high: [0, 1, 0]),
    Bordered("beside a border of its own", [8, 2, 5], [3, 2, 4], low: [2], high: [0], pad: 1),
  ]

  @Test(arguments: convolutions)
  func `a convolution looks beyond the edge of an image with a border of zeros`(_ one: Bordered)
    throws
  {
    var graph = Graph()
    let x = try graph.variable("x", Shape(one.x))
    let w = try graph.variable("w", Shape(one.w))
    let y = try graph.apply(
      "convolve", [try one.bordered(x, by: 0, &graph), w],
      ["window": .window(one.window), "groups": .dim(Dim(one.groups))])
    graph.outputs = [y] + (try graph.gradient(of: graph.weighted(y), withRespectTo: [x, w]))
    try expectAgreement(graph)
    try expectNo(one.padded, in: graph)
  }

  /// As they are in a training of less precision, whose gradients are those of the numbers themselves.
  @Test func `numbers that are rounded behind the border are rounded before it`() throws {
    let one = Self.convolutions[1]
    var graph = Graph()
    let x = try graph.variable("x", Shape(one.x))
    let w = try graph.variable("w", Shape(one.w))
    let padded = try one.bordered(x, by: 0, &graph)
    let change = try graph.apply(
      "subtract", [try graph.apply("round_bf16", [padded]), padded])
    let rounded = try graph.apply(
      "add", [padded, try graph.apply("stop_gradient", [change])])
    let y = try graph.apply(
      "convolve", [rounded, w], ["window": .window(one.window), "groups": .dim(1)])
    graph.outputs = [y] + (try graph.gradient(of: graph.weighted(y), withRespectTo: [x, w]))
    try expectAgreement(graph)
    try expectNo(one.padded, in: graph)
  }

  @Test func `a function of parts among numbers is that of the parts and of the numbers`() throws {
    var graph = Graph()
    let a = try graph.variable("a", [2, 3])
    let b = try graph.variable("b", [2, 3])
    func among(_ x: NodeID, _ low: Int, _ value: Double) throws -> NodeID {
      try graph.apply(
        "pad", [x],
        [
          "low": .dims([1, Dim(low)]), "dims": .dims([4, 9]), "steps": .dims([2, 3]),
          "value": .real(value),
        ])
    }
    let first = try among(a, 2, 0.5)
    let sum = try graph.apply("add", [first, try among(b, 2, -2)])
    let half = try graph.apply("multiply", [sum, graph.constant(0.5, [4, 9])])
    graph.outputs = [try graph.apply("exp", [half])]
    try expectAgreement(graph)
    let widths = try Plan(graph, for: ReferenceBackend()).schedule.instructions.map {
      $0.kernel.name + "\($0.operands.count)"
    }
    // What is put among numbers is all that is computed.
    #expect(widths.count == 2, "\(widths)")
    // Parts that lie elsewhere stay what they are.
    graph.outputs = [
      try graph.apply("multiply", [first, try among(b, 1, 3)]),
      try graph.apply("log", [try among(a, 2, -1)]),
    ]
    try expectAgreement(graph)
  }

  static let pools = [
    Bordered("side by side", [3, 2, 5], [1, 1, 2], low: [1], high: [0], stride: 2),
    Bordered("in lanes", [16, 3, 5, 6], [1, 1, 3, 3], low: [0, 1], high: [2, 0], stride: 2),
    Bordered("beside a border of its own", [8, 2, 6], [1, 1, 4], low: [0], high: [1], pad: 1),
  ]

  @Test(arguments: pools, ["max_pool", "mean_pool"])
  func `a pool looks beyond the edge of an image with a border that changes nothing`(
    _ one: Bordered, _ name: String
  ) throws {
    var graph = Graph()
    let x = try graph.variable("x", Shape(one.x))
    let border = name == "max_pool" ? -Double.infinity : 0
    let y = try graph.apply(
      name, [try one.bordered(x, by: border, &graph)], ["window": .window(one.window)])
    // The largest element of nothing but a border is no number to go on with.
    let first = try graph.gradient(of: graph.weighted(y), withRespectTo: [x])[0]
    graph.outputs = [y, first]
    try expectAgreement(graph)
    try expectNo(one.padded, in: graph)
    // Twice: what is picked where the largest lie.
    let square = try graph.apply("multiply", [y, y])
    let gradient = try graph.gradient(of: graph.weighted(square), withRespectTo: [x])[0]
    graph.outputs = try graph.gradient(of: graph.weighted(gradient), withRespectTo: [x])
    try expectAgreement(graph)
    try expectNo(one.padded, in: graph)
  }

  @Test func `a border of other numbers stays, and one that is not all before the window`() throws {
    let one = Bordered("", [2, 1, 5], [1, 1, 2], low: [1], high: [1])
    for (name, border) in [("max_pool", 0.0), ("mean_pool", 1)] {
      var graph = Graph()
      let x = try graph.variable("x", Shape(one.x))
      graph.outputs = [
        try graph.apply(
          name, [try one.bordered(x, by: border, &graph)], ["window": .window(one.window)])
      ]
      try expectAgreement(graph)
      #expect(try Self.labels(graph).contains { $0.contains("pad") })
    }
    // Channels that are added are no edge of an image.
    var graph = Graph()
    let x = try graph.variable("x", [2, 1, 5])
    let w = try graph.variable("w", [1, 2, 2])
    let padded = try graph.apply(
      "pad", [x], ["low": .dims([0, 1, 1]), "dims": .dims([2, 2, 6]), "value": .real(0)])
    graph.outputs = [
      try graph.apply("convolve", [padded, w], ["window": .window(one.window), "groups": .dim(1)])
    ]
    try expectAgreement(graph)
  }

  @Test func `what is cut off a transposed convolution is not computed`() throws {
    let window = Window(size: [4], stride: [2], low: [0], high: [0], dilation: [1])
    var graph = Graph()
    let x = try graph.variable("x", [3, 2, 5])
    let w = try graph.variable("w", [2, 3, 4])
    let wide = try graph.apply(
      "convolve_input_gradient", [x, w],
      ["dims": .dims([3, 3, 12]), "window": .window(window), "groups": .dim(1)])
    let y = try graph.apply(
      "slice", [wide], ["starts": .dims([0, 0, 0]), "dims": .dims([3, 3, 10])])
    graph.outputs = [y] + (try graph.gradient(of: graph.weighted(y), withRespectTo: [x, w]))
    try expectAgreement(graph)
    try expectNo([3, 3, 12], in: graph)
  }

  private static func labels(_ graph: Graph) throws -> [String] {
    try Plan(graph, for: ReferenceBackend()).schedule.instructions.map(\.label)
  }

  /// Expects a plan to make no tensor of some dims.
  private func expectNo(
    _ dims: [Int], in graph: Graph, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for instruction in try Plan(graph, for: ReferenceBackend()).schedule.instructions {
      #expect(
        instruction.results.allSatisfy { $0.dims != dims }, "\(instruction.label)",
        sourceLocation: sourceLocation)
    }
  }
}
