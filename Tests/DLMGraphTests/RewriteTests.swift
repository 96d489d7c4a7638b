import DLMCPU
import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// Rules that change what is computed: both sides agree, and the cheaper one is what a plan does.
@Suite struct RewriteTests {
  @Test
  func `rows of a table are multiplied before they are gathered, and their gradients added first`()
    throws
  {
    var graph = Graph()
    let table = try graph.variable("table", [5, 4])
    let w = try graph.variable("w", [4, 6])
    let ids = try graph.indices([3, 8], below: 5)
    let rows = try graph.apply("gather", [table, ids], ["axis": .axes([0])])
    let turned = try graph.apply("transpose", [rows], ["axes": .axes([1, 0, 2])])
    let flat = try graph.apply("reshape", [turned], ["dims": .dims([24, 4])])
    let y = try graph.apply("matmul", [flat, w])
    let total = try graph.weighted(y)
    graph.outputs = [y] + (try graph.gradient(of: total, withRespectTo: [table, w]))
    try expectAgreement(graph)
    let products = try graph.productDims()
    #expect(products.allSatisfy { !$0.contains(24) }, "\(products)")
    #expect(products.count == 3)
  }

  @Test(arguments: [-2, 0, 3, 9])
  func `a triangle of a constant is a comparison, part of what is made of it`(_ diagonal: Int)
    throws
  {
    var graph = Graph()
    let ones = graph.constant(2, [2, 5, 7])
    let triangle = try graph.apply("lower", [ones], ["diagonal": .dim(Dim(diagonal))])
    let x = try graph.variable("x", [2, 5, 7])
    graph.outputs = [try graph.apply("multiply", [triangle, x])]
    try expectAgreement(graph)
    let kernels = try Plan(graph, for: ReferenceBackend()).schedule.instructions.map(\.kernel.name)
    #expect(!kernels.contains("triangle"))
    #expect(kernels.filter { $0 == "map" }.count == 1)
  }

  @Test func `rows of a large table are gathered first`() throws {
    var graph = Graph()
    let table = try graph.variable("table", [50, 4])
    let w = try graph.variable("w", [4, 6])
    let ids = try graph.indices([8], below: 50)
    let rows = try graph.apply("gather", [table, ids], ["axis": .axes([0])])
    graph.outputs = [try graph.apply("matmul", [rows, w])]
    try expectAgreement(graph)
    #expect(try graph.productDims() == [[8, 6]])
  }

  @Test func `what one sample adds to weights is added where they lie`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [1, 5])
    let dy = try graph.variable("dy", [1, 40])
    let w = Variable(path: "w", tensor: try Tensor((0..<200).map(Double.init), shape: [5, 40]))
    let turned = try graph.apply("transpose", [x], ["axes": .axes([1, 0])])
    let gradient = try graph.apply("matmul", [turned, dy])
    try graph.assign(graph.apply("subtract", [graph.variable(w), gradient]), to: w)
    try expectAgreement(graph)
    let instructions = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    #expect(instructions.map(\.kernel.name) == ["map"], "\(instructions.map(\.label))")
  }

  @Test(arguments: [Shape([7, 3, 4]), Shape([2, 5, 3, 4])])
  func `a sum of products is one product`(_ shape: Shape) throws {
    var graph = Graph()
    let leading = Array(shape.dims.dropLast(2))
    let a = try graph.variable("a", shape)
    let b = try graph.variable("b", Shape(leading + [4, 6]))
    let product = try graph.apply("matmul", [a, b])
    graph.outputs = [
      try graph.apply("sum", [product], ["axes": .axes(Array(leading.indices))])
    ]
    try expectAgreement(graph)
    #expect(try graph.productDims() == [[3, 6]])
  }

  @Test func `gradients of neighbouring slices are put side by side`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [3, 12])
    var total = graph.constant(0)
    for (start, function) in [(0, "tanh"), (4, "exp"), (8, "sigmoid")] {
      let part = try graph.apply(
        "slice", [x],
        ["starts": .dims([0, Dim(start)]), "dims": .dims([3, 4]), "steps": .dims([1, 1])])
      let value = try graph.weighted(try graph.apply(function, [part]))
      total = try graph.apply("add", [total, value])
    }
    graph.outputs = try graph.gradient(of: total, withRespectTo: [x])
    try expectAgreement(graph)
    // Nothing is filled with zeros first.
    let labels = try Plan(graph, for: ReferenceBackend()).schedule.instructions.map(\.label)
    #expect(!labels.contains { $0.contains("pad") }, "\(labels)")
  }

  @Test func `a slice inside what a pad has put there is a slice of that`() throws {
    for (start, length) in [(2, 3), (3, 1), (0, 4), (4, 4)] {
      var graph = Graph()
      let x = try graph.variable("x", [2, 3])
      let padded = try graph.apply(
        "pad", [x],
        [
          "low": .dims([0, 2]), "dims": .dims([2, 9]), "steps": .dims([1, 1]), "value": .real(7),
        ])
      graph.outputs = [
        try graph.apply(
          "slice", [padded],
          [
            "starts": .dims([0, Dim(start)]), "dims": .dims([2, Dim(length)]),
            "steps": .dims([1, 1]),
          ])
      ]
      try expectAgreement(graph)
    }
  }

  @Test func `sums of sums are one sum`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [3, 4, 5])
    let inner = try graph.apply("sum", [x], ["axes": .axes([1])])
    graph.outputs = [try graph.apply("sum", [inner], ["axes": .axes([0])])]
    try expectAgreement(graph)
    #expect(try Plan(graph, for: ReferenceBackend()).schedule.instructions.count == 1)
  }

  @Test func `the gradient of a normalisation adds up over all elements three times`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [4, 6])
    let gain = try graph.variable("gain", [6])
    func overRows(_ node: NodeID) throws -> NodeID {
      try graph.apply("broadcast", [node], ["dims": .dims([4, 6]), "axes": .axes([1])])
    }
    func mean(_ node: NodeID) throws -> NodeID {
      let sum = try graph.apply("sum", [node], ["axes": .axes([1])])
      let count = graph.constant(6, [4])
      return try graph.apply("divide", [sum, count])
    }
    let centred = try graph.apply("subtract", [x, try overRows(try mean(x))])
    let variance = try mean(try graph.apply("multiply", [centred, centred]))
    let deviation = try graph.apply("sqrt", [variance])
    let normal = try graph.apply("divide", [centred, try overRows(deviation)])
    let gains = try graph.apply(
      "broadcast", [gain], ["dims": .dims([4, 6]), "axes": .axes([0])])
    let y = try graph.apply("multiply", [normal, gains])
    graph.outputs = try graph.gradient(of: try graph.weighted(y), withRespectTo: [x, gain])
    try expectAgreement(graph)
    // Two more are the mean and the variance.
    let sums = try Plan(graph, for: ReferenceBackend()).schedule.instructions.filter {
      if case .reduce = $0.kernel { true } else { false }
    }
    #expect(sums.count == 5, "\(sums.map(\.label))")
  }

  @Test(arguments: [0, 0.25])
  func `what is dropped with probability 0 is not drawn`(_ probability: Double) throws {
    var graph = Graph()
    let x = try graph.variable("x", [6, 4])
    let draws = try graph.apply("uniform", [], ["dims": .dims([6, 4]), "stream": .stream(9)])
    let limit = graph.constant(probability, [6, 4])
    let kept = try graph.apply("less_equal", [limit, draws])
    let factor = try graph.apply("cast", [kept], ["type": .elementType(.f32)])
    graph.outputs = [try graph.apply("multiply", [x, factor])]
    try expectAgreement(graph)
    let names = try Plan(graph, for: ReferenceBackend()).schedule.instructions.map(\.kernel.name)
    #expect(names.contains("uniform") == (probability > 0), "\(names)")
  }

  @Test func `what an optimizer keeps of gradients and makes of parameters is one pass`() throws {
    var graph = Graph()
    let kept = try graph.variable("kept", [6, 4])
    let p = try graph.variable("p", [6, 4])
    let rate = try graph.variable("rate", [])
    let g = try graph.apply("sin", [try graph.variable("g", [6, 4])])
    let next = try graph.apply("add", [kept, try graph.apply("multiply", [g, g])])
    let square = try graph.apply("exp", [rate])
    let wide = try graph.apply(
      "broadcast", [square], ["dims": .dims([6, 4]), "axes": .axes([0, 1])])
    let step = try graph.apply("multiply", [wide, try graph.apply("sqrt", [next])])
    graph.outputs = [next, try graph.apply("subtract", [p, step]), square]
    try expectAgreement(graph)
    let kernels = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    #expect(kernels.map(\.results.count).sorted() == [1, 2], "\(kernels.map(\.label))")
  }

  @Test func `what follows a product under other dims is its epilogue`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [6, 4])
    let w = try graph.variable("w", [4, 5])
    let bias = try graph.variable("bias", [5])
    let rest = try graph.variable("rest", [2, 3, 5])
    let y = try graph.apply("matmul", [x, w])
    let folded = try graph.apply("reshape", [y], ["dims": .dims([2, 3, 5])])
    let row = try graph.apply(
      "broadcast", [bias], ["dims": .dims([2, 3, 5]), "axes": .axes([0, 1])])
    let sum = try graph.apply("add", [folded, row])
    graph.outputs = [try graph.apply("add", [rest, sum])]
    try expectAgreement(graph)
    #expect(try Plan(graph, for: ReferenceBackend()).schedule.instructions.count == 1)
  }

  @Test func `what is made of a product is made with it, however much of it is wanted`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [6, 4])
    let w = try graph.variable("w", [4, 5])
    let product = try graph.apply("matmul", [x, w])
    let folded = try graph.apply("reshape", [product], ["dims": .dims([2, 3, 5])])
    let gate = try graph.apply("erf", [folded])
    let y = try graph.apply("multiply", [folded, gate])
    graph.outputs = try graph.gradient(of: graph.weighted(y), withRespectTo: [x, w]) + [y]
    try expectAgreement(graph)
    let instructions = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    // Its value and what its gradients need come of one product, each gradient of another.
    #expect(instructions.map(\.results.count) == [2, 1, 1], "\(instructions.map(\.label))")
  }

  @Test func `of several values for a gradient only the factor that it multiplies by is kept`()
    throws
  {
    var graph = Graph()
    let x = try graph.variable("x", [6, 4])
    let w = try graph.variable("w", [4, 5])
    let v = try graph.variable("v", [5, 3])
    let h = try graph.apply("matmul", [x, w])
    let a = try graph.apply("multiply", [h, try graph.apply("erf", [h])])
    let y = try graph.apply("matmul", [a, v])
    graph.outputs = try graph.gradient(of: graph.weighted(y), withRespectTo: [w, v])
    try expectAgreement(graph)
    // What comes back to `h` needs `h` and its erf: but only their `erf h + h erf' h`, beside `a`.
    let instructions = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    #expect(instructions.map(\.results.count) == [2, 1, 1, 1], "\(instructions.map(\.label))")
    #expect(instructions.map(\.operands.count).max() == 3, "\(instructions.map(\.label))")
  }

  @Test func `sums over the same axes of the same values are one pass`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [6, 4])
    let y = try graph.variable("y", [6, 4])
    let product = try graph.apply("multiply", [x, y])
    graph.outputs = [
      try graph.apply("sum", [x], ["axes": .axes([0])]),
      try graph.apply("sum", [product], ["axes": .axes([0])]),
      try graph.apply("sum", [product], ["axes": .axes([1])]),
    ]
    try expectAgreement(graph)
    let instructions = try Plan(graph, for: ReferenceBackend()).schedule.instructions
    #expect(instructions.map(\.results.count).sorted() == [1, 2], "\(instructions.map(\.label))")
  }

  @Test func `a parameter is not where the sums of its gradient lie first`() throws {
    var graph = Graph()
    let x = try graph.variable("x", [4, 6])
    let dy = try graph.variable("dy", [6, 5])
    let w = Variable(path: "w", tensor: try Tensor((0..<20).map(Double.init), shape: [4, 5]))
    let kept = Variable(path: "kept", tensor: try Tensor((0..<20).map(Double.init), shape: [4, 5]))
    let gradient = try graph.apply("matmul", [x, dy])
    let next = try graph.apply("add", [graph.variable(kept), gradient])
    try graph.assign(next, to: kept)
    try graph.assign(graph.apply("subtract", [graph.variable(w), next]), to: w)
    try expectAgreement(graph)
  }

  @Test(arguments: [8, 6])
  func `rows gathered from images between convolutions are whole lines of samples`(_ batch: Int)
    throws
  {
    var graph = Graph()
    let x = try graph.variable("x", [batch, 3, 5, 6])
    let first = try graph.variable("first", [4, 3, 2, 2])
    let second = try graph.variable("second", [2, 4, 2, 2])
    let window = Window(
      size: [2, 2], stride: [1, 1], low: [0, 0], high: [0, 0], dilation: [1, 1])
    let convolution: Attributes = ["window": .window(window), "groups": .dim(1)]
    var image = try graph.apply("convolve", [x, first], convolution)
    for (axis, length) in [(2, 4), (3, 5)] {
      let index = try graph.indices([7], below: length)
      image = try graph.apply("gather", [image, index], ["axis": .axes([axis])])
    }
    let y = try graph.apply("convolve", [image, second], convolution)
    let total = try graph.weighted(y)
    graph.outputs = [y] + (try graph.gradient(of: total, withRespectTo: [x, first, second]))
    try expectAgreement(graph)
    let moved = try Plan(graph, for: CPUBackend(threads: 1)).schedule.instructions.filter {
      ["gather", "scatter add"].contains($0.label)
    }
    #expect(moved.count == 4)
    // Along the last axis of an image, all 4 channels of 8 samples.
    #expect(moved.allSatisfy { $0.operands[0].dims[2] % 32 == 0 })
  }
}

extension Graph {
  fileprivate mutating func indices(_ shape: Shape, below count: Int) throws -> NodeID {
    let values = (0..<shape.count).map { Double(($0 * 7 + 3) % count) }
    return variable(Variable(path: "ids", tensor: try Tensor(values, shape: shape, .i32)))
  }

  /// Dims of the products that a plan makes.
  fileprivate func productDims() throws -> [[Int]] {
    try Plan(self, for: ReferenceBackend()).schedule.instructions.compactMap { instruction in
      guard case .matmul = instruction.kernel else { return nil }
      return instruction.results[0].dims
    }
  }
}
