import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor

/// A training step as a graph, recorded in the way in which a program of the language records it.
package struct TrainingStep {
  package private(set) var graph = Graph()
  /// What is trained, in the order in which layers made it.
  package private(set) var parameters: [Variable] = []
  /// The fields of the batch.
  package private(set) var batch: [Variable] = []
  private var numbers: Numbers

  package enum Optimizer: Sendable {
    case sgd(rate: Double, momentum: Double)
    case adam(rate: Double)
  }

  package init(seed: UInt64) { numbers = Numbers(seed: seed) }

  /// 2-8-2 with `tanh`, batch 4, plain descent.
  package static func xor() throws -> TrainingStep {
    var step = TrainingStep(seed: 1)
    var x = try step.field("x", [4, 2])
    x = try step.apply("tanh", [try step.linear(x, out: 8)])
    x = try step.linear(x, out: 2)
    try step.minimize(try step.logSoftmax(x), classes: 2, by: .sgd(rate: 0.5, momentum: 0))
    return step
  }

  /// 784-hidden-hidden-10 with ramps.
  package static func perceptron(batch: Int, hidden: Int, by optimizer: Optimizer) throws
    -> TrainingStep
  {
    var step = TrainingStep(seed: 2)
    var x = try step.field("image", [batch, 784])
    for _ in 0..<2 { x = try step.ramp(try step.linear(x, out: hidden)) }
    x = try step.linear(x, out: 10)
    try step.minimize(try step.logSoftmax(x), classes: 10, by: optimizer)
    return step
  }

  /// Two convolutions, each pooled, and two linear layers; the standard values are the classifier of
  /// the examples.
  ///
  /// - Parameters:
  ///   - size: height and width of the images.
  ///   - channels: of the two convolutions.
  ///   - kernel: size of their windows.
  ///   - hidden: width of the first linear layer.
  package static func convolutional(
    batch: Int, size: Int = 28, channels: (Int, Int) = (10, 20), kernel: Int = 5, hidden: Int = 50
  ) throws -> TrainingStep {
    var step = TrainingStep(seed: 3)
    var x = try step.field("image", [batch, 1, size, size])
    x = try step.ramp(try step.pool(try step.convolution(x, out: channels.0, kernel)))
    x = try step.convolution(x, out: channels.1, kernel)
    x = try step.dropped(x, dims: [batch, channels.1, 1, 1], stream: 1)
    x = try step.ramp(try step.pool(x))
    let features = step.dims(x).dropFirst().reduce(1, *)
    x = try step.apply("reshape", [x], ["dims": .dims([Dim(batch), Dim(features)])])
    x = try step.ramp(try step.linear(x, out: hidden))
    x = try step.dropped(x, dims: step.dims(x), stream: 2)
    x = try step.linear(x, out: 10)
    try step.minimize(
      try step.logSoftmax(x), classes: 10, by: .sgd(rate: 0.01, momentum: 0.5))
    return step
  }
}

// Layers and functions of the prelude.
extension TrainingStep {
  private mutating func apply(
    _ name: String, _ operands: [NodeID], _ attributes: Attributes = [:]
  ) throws -> NodeID {
    guard let op = Operator.named(name) else { throw MissingOperator(name: name) }
    return try graph.apply(op, to: operands, attributes)
  }

  private struct MissingOperator: Error {
    var name: String
  }

  private func dims(_ node: NodeID) -> [Int] { graph[node].shape.dims }

  private mutating func field(_ name: String, _ shape: Shape) throws -> NodeID {
    let tensor = try Sample.Operand.uniform(shape, in: -1...1).drawn(from: &numbers, reals: .f32)
    batch.append(Variable(path: name, tensor: tensor))
    return graph.variable(batch[batch.count - 1])
  }

  private mutating func parameter(_ name: String, _ shape: Shape, fan: Int) throws -> NodeID {
    let r = 1 / Double(fan).squareRoot()
    let tensor = try Sample.Operand.uniform(shape, in: -r...r).drawn(from: &numbers, reals: .f32)
    parameters.append(Variable(path: "net.\(name)\(parameters.count / 2)", tensor: tensor))
    return graph.variable(parameters[parameters.count - 1])
  }

  private mutating func linear(_ x: NodeID, out: Int) throws -> NodeID {
    let width = dims(x)[1]
    let w = try parameter("w", [out, width], fan: width)
    let b = try parameter("b", [out], fan: width)
    let y = try apply("matmul", [x, try apply("transpose", [w], ["axes": .axes([1, 0])])])
    return try apply("add", [y, try graph.broadcast(b, to: graph[y].shape)])
  }

  private mutating func convolution(_ x: NodeID, out: Int, _ kernel: Int) throws -> NodeID {
    let channels = dims(x)[1]
    let w = try parameter("w", [out, channels, kernel, kernel], fan: channels * kernel * kernel)
    let b = try parameter("b", [out], fan: channels * kernel * kernel)
    let window = Window(
      size: [kernel, kernel], stride: [1, 1], low: [0, 0], high: [0, 0], dilation: [1, 1])
    let y = try apply("convolve", [x, w], ["window": .window(window), "groups": .dim(1)])
    let wide = try apply(
      "broadcast", [b], ["dims": .dims(dims(y).map { Dim($0) }), "axes": .axes([0, 2, 3])])
    return try apply("add", [y, wide])
  }

  private mutating func pool(_ x: NodeID) throws -> NodeID {
    let window = Window(
      size: [2, 2], stride: [2, 2], low: [0, 0], high: [0, 0], dilation: [1, 1])
    return try apply("max_pool", [x], ["window": .window(window)])
  }

  private mutating func ramp(_ x: NodeID) throws -> NodeID {
    try apply("maximum", [x, graph.constant(0)])
  }

  /// Drops half of `x`, and the same for all places along axes where `dims` have length 1.
  private mutating func dropped(_ x: NodeID, dims: [Int], stream: UInt64) throws -> NodeID {
    let draw = try apply(
      "uniform", [], ["dims": .dims(dims.map { Dim($0) }), "stream": .stream(stream)])
    let kept = try apply("less_equal", [graph.constant(0.5), draw])
    let mask = try apply(
      "divide", [try graph.cast(kept, to: .f32), graph.constant(0.5)])
    return try apply("multiply", [x, try graph.broadcast(mask, to: graph[x].shape)])
  }

  private mutating func logSoftmax(_ x: NodeID) throws -> NodeID {
    let shape = graph[x].shape
    let last: Attributes = ["axes": .axes([shape.rank - 1])]
    let wide: Attributes = [
      "dims": .dims(shape.dims.map { Dim($0) }), "axes": .axes([shape.rank - 1]),
    ]
    let top = try apply("stop_gradient", [try apply("max", [x], last)])
    let z = try apply("subtract", [x, try apply("broadcast", [top], wide)])
    let total = try apply("sum", [try apply("exp", [z])], last)
    let logarithm = try apply("log", [try apply("broadcast", [total], wide)])
    return try apply("subtract", [z, logarithm])
  }

  /// The loss is the only output.
  private mutating func minimize(_ logp: NodeID, classes: Int, by optimizer: Optimizer) throws {
    let count = dims(logp)[0]
    let labels = try Sample.Operand.indices([count], in: 0..<classes).drawn(from: &numbers)
    batch.append(Variable(path: "label", tensor: labels))
    let label = graph.variable(batch[batch.count - 1])
    let picked = try apply("pick", [logp, label], ["axis": .axes([1])])
    let sum = try apply("sum", [picked], ["axes": .axes([0])])
    let mean = try apply("divide", [sum, graph.constant(Double(count))])
    let loss = try apply("negate", [mean])
    graph.outputs = [loss]
    let gradients = try graph.gradient(
      of: loss, withRespectTo: parameters.map { graph.variable($0) })
    for (parameter, gradient) in zip(parameters, gradients) {
      switch optimizer {
      case .sgd(let rate, let momentum): try descend(parameter, gradient, rate, momentum)
      case .adam(let rate): try adapt(parameter, gradient, rate)
      }
    }
  }

  private mutating func state(_ name: String, of parameter: Variable, _ shape: Shape) throws
    -> Variable
  {
    Variable(path: "\(parameter.path).\(name)", tensor: try Tensor(zeros: shape))
  }

  private mutating func descend(
    _ parameter: Variable, _ gradient: NodeID, _ rate: Double, _ momentum: Double
  ) throws {
    var change = gradient
    if momentum > 0 {
      let v = try state("v", of: parameter, parameter.tensor.shape)
      let old = try apply("multiply", [graph.constant(momentum), graph.variable(v)])
      change = try apply("add", [old, gradient])
      try graph.assign(change, to: v)
    }
    let p = graph.variable(parameter)
    let scaled = try apply("multiply", [graph.constant(rate), change])
    try graph.assign(try apply("subtract", [p, scaled]), to: parameter)
  }

  private mutating func adapt(_ parameter: Variable, _ g: NodeID, _ rate: Double) throws {
    let (b1, b2) = (0.9, 0.999)
    let m = try state("m", of: parameter, parameter.tensor.shape)
    let v = try state("v", of: parameter, parameter.tensor.shape)
    let t = try state("t", of: parameter, [])
    try graph.assign(try apply("add", [graph.variable(t), graph.constant(1)]), to: t)
    try graph.assign(try mixed(graph.variable(m), g, b1), to: m)
    try graph.assign(try mixed(graph.variable(v), try apply("multiply", [g, g]), b2), to: v)
    func correction(_ b: Double, _ graph: inout TrainingStep) throws -> NodeID {
      let power = try graph.apply("power", [graph.graph.constant(b), graph.graph.variable(t)])
      return try graph.apply("subtract", [graph.graph.constant(1), power])
    }
    let factor = try apply("divide", [graph.constant(rate), try correction(b1, &self)])
    let root = try apply("sqrt", [try correction(b2, &self)])
    let size = try apply("divide", [try apply("sqrt", [graph.variable(v)]), root])
    let below = try apply("add", [size, graph.constant(1e-8)])
    let step = try apply("divide", [try apply("multiply", [factor, graph.variable(m)]), below])
    try graph.assign(try apply("subtract", [graph.variable(parameter), step]), to: parameter)
  }

  /// `b * old + (1 - b) * new`.
  private mutating func mixed(_ old: NodeID, _ new: NodeID, _ b: Double) throws -> NodeID {
    let kept = try apply("multiply", [graph.constant(b), old])
    return try apply("add", [kept, try apply("multiply", [graph.constant(1 - b), new])])
  }
}
