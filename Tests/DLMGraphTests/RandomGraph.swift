import DLMGraph
import DLMOperators
import DLMShapes
import DLMTensor
import DLMTestSupport
import Testing

/// Grows a graph by operators chosen at random, with subexpressions shared.
///
/// Numbers stay near one, so that the tolerance means the same everywhere. What compares takes *exact*
/// nodes: elements of variables, moved or chosen but not computed, because rounding in another order
/// would turn an `equal` around.
struct RandomGraph {
  private(set) var graph = Graph()
  private var numbers: Numbers
  private var reals: [NodeID] = []
  private var exact: Set<NodeID> = []
  private var variables: [Variable] = []

  init(seed: UInt64, steps: Int) throws {
    numbers = Numbers(seed: seed)
    // A batch of 8 lies batch-inner, one of 6 or 9 with samples that are not there, one of 3 does not.
    let shapes: [Shape] = [
      [], [4], [6], [3, 4], [4, 6], [6, 4], [2, 3, 4], [8, 2, 4, 4], [3, 2, 4, 4], [2, 2, 2, 2],
      [6, 2, 4, 4], [9, 3, 4, 2],
    ]
    for (index, shape) in shapes.enumerated() {
      let tensor = try Sample.Operand.uniform(shape, in: -1...1).drawn(from: &numbers, reals: .f32)
      let variable = Variable(path: "v\(index)", tensor: tensor)
      variables.append(variable)
      exact.insert(keep(graph.variable(variable)))
    }
    for _ in 0..<steps { try grow() }
    try finish()
  }

  @discardableResult
  private mutating func keep(_ node: NodeID) -> NodeID {
    reals.append(node)
    return node
  }

  private mutating func choose<T>(_ values: [T]) -> T { values[numbers.whole(0..<values.count)] }

  /// A node, one of the last few more often than not.
  private mutating func node() -> NodeID {
    if numbers.next() < 0.6 { return choose(Array(reals.suffix(5))) }
    return choose(reals)
  }

  private func dims(_ node: NodeID) -> [Int] { graph[node].shape.dims }

  private mutating func apply(
    _ name: String, _ operands: [NodeID], _ attributes: Attributes = [:]
  ) throws -> NodeID {
    try graph.apply(#require(Operator.named(name)), to: operands, attributes)
  }

  /// A node of the shape of `other`, if there is another one.
  private mutating func partner(of other: NodeID) -> NodeID {
    choose(reals.filter { graph[$0].shape == graph[other].shape })
  }

  private mutating func grow() throws {
    let x = node()
    switch numbers.whole(0..<14) {
    case 0, 1: try growUnary(x)
    case 2, 3, 4: try growBinary(x)
    case 5: try growChoice(x)
    case 6, 7: try growView(x)
    case 8: try growBroadcast(x)
    case 9: try growPadding(x)
    case 10: try growReduction(x)
    case 11: try growProduct(x)
    case 12: try growIndexing(x)
    default: try growWindow()
    }
  }

  private mutating func growUnary(_ x: NodeID) throws {
    let name = choose(["negate", "tanh", "sigmoid", "sin", "cos", "exp", "relu", "sqrt", "cast"])
    switch name {
    case "exp": keep(try apply("exp", [try apply("tanh", [x])]))
    case "relu":
      let ramp = keep(try apply("maximum", [x, graph.constant(0)]))
      if exact.contains(x) { exact.insert(ramp) }
    case "sqrt":
      let square = try apply("multiply", [x, x])
      keep(try apply("sqrt", [try apply("add", [square, graph.constant(0.5)])]))
    case "cast":
      guard let source = exactNode() else { return }
      let type = choose([ElementType.i32, .bool, .u8, .f64, .i64])
      let scaled = try apply("multiply", [source, graph.constant(4)])
      keep(try graph.cast(try graph.cast(scaled, to: type), to: .f32))
    default: keep(try apply(name, [x]))
    }
  }

  private mutating func exactNode() -> NodeID? {
    choose(reals.filter { exact.contains($0) })
  }

  private mutating func growBinary(_ x: NodeID) throws {
    let y = numbers.next() < 0.3 ? graph.constant(choose([0, 1, -1, 2, 0.5, -3])) : partner(of: x)
    let name = choose(["add", "subtract", "multiply", "maximum", "minimum", "divide", "power"])
    switch name {
    case "divide":
      let square = try apply("multiply", [y, y])
      keep(try apply("divide", [x, try apply("add", [square, graph.constant(1)])]))
    case "power": keep(try apply("power", [x, graph.constant(choose([0, 1, 2, 3]))]))
    default:
      let result = try apply(name, [x, y])
      let isChoice = name == "maximum" || name == "minimum"
      if isChoice, exact.contains(x), exact.contains(y) { exact.insert(result) }
      // Sums and products of what is large already come back to one.
      keep(numbers.next() < 0.5 || isChoice ? result : try apply("tanh", [result]))
    }
  }

  private mutating func growChoice(_ x: NodeID) throws {
    let candidates = reals.filter { exact.contains($0) && graph[$0].shape == graph[x].shape }
    guard let a = candidates.first else { return }
    let b = choose(candidates)
    let condition = try apply(choose(["less", "less_equal", "equal", "not_equal"]), [a, b])
    if numbers.next() < 0.3 {
      keep(try graph.cast(condition, to: .f32))
    } else {
      keep(try apply("select", [condition, x, partner(of: x)]))
    }
  }

  private mutating func growView(_ x: NodeID) throws {
    let dims = dims(x)
    let result: NodeID
    switch numbers.whole(0..<4) {
    case 0:
      var axes = Array(dims.indices)
      for axis in axes.indices { axes.swapAt(axis, numbers.whole(axis..<axes.count)) }
      result = try apply("transpose", [x], ["axes": .axes(axes)])
    case 1: result = try apply("reinterpret", [x], ["dims": .dims(reshaped(dims).map { Dim($0) })])
    case 2:
      let starts = dims.map { numbers.whole(0..<$0) }
      let steps = dims.map { _ in 1 + numbers.whole(0..<2) }
      let lengths = dims.indices.map {
        1 + numbers.whole(0..<((dims[$0] - starts[$0] + steps[$0] - 1) / steps[$0]))
      }
      result = try apply(
        "slice", [x], ["starts": list(starts), "dims": list(lengths), "steps": list(steps)])
    default:
      let axes = dims.indices.filter { _ in numbers.next() < 0.5 }
      result = try apply("reverse", [x], ["axes": .axes(axes)])
    }
    keep(result)
    if exact.contains(x) { exact.insert(result) }
  }

  private func list(_ values: [Int]) -> Attribute { .dims(values.map { Dim($0) }) }

  /// Dims of the same product, in another order or with axes merged or split.
  private mutating func reshaped(_ dims: [Int]) -> [Int] {
    var result = dims.flatMap { $0 % 2 == 0 && $0 > 2 ? [2, $0 / 2] : [$0] }
    if numbers.next() < 0.5 { result.reverse() }
    if result.count > 1, numbers.next() < 0.7 { result = [result[0] * result[1]] + result[2...] }
    if result.count > 4 { result = [result.reduce(1, *)] }
    if result.count < 4, numbers.next() < 0.3 { result.insert(1, at: 0) }
    return result
  }

  private mutating func growBroadcast(_ x: NodeID) throws {
    var dims = dims(x)
    guard dims.count < 4, dims.reduce(1, *) < 100 else { return }
    let axis = numbers.whole(0..<(dims.count + 1))
    dims.insert(choose([1, 3, 4]), at: axis)
    let wide = keep(try apply("broadcast", [x], ["dims": list(dims), "axes": .axes([axis])]))
    if exact.contains(x) { exact.insert(wide) }
  }

  private mutating func growPadding(_ x: NodeID) throws {
    let dims = dims(x)
    guard dims.reduce(1, *) <= 300 else { return }
    if numbers.next() < 0.5 {
      let low = dims.map { _ in numbers.whole(0..<2) }
      let wide = dims.indices.map { low[$0] + dims[$0] + numbers.whole(0..<2) }
      keep(
        try apply(
          "pad", [x], ["low": list(low), "dims": list(wide), "value": .real(choose([0, 1.5]))]))
    } else if !dims.isEmpty {
      let axis = numbers.whole(0..<dims.count)
      keep(try apply("concatenate", [x, partner(of: x), x], ["axis": .axes([axis])]))
    }
  }

  private mutating func growReduction(_ x: NodeID) throws {
    let dims = dims(x)
    let axes = dims.indices.filter { _ in numbers.next() < 0.6 }
    let count = axes.reduce(1) { $0 * dims[$1] }
    let name = choose(["sum", "max", "min", "sum", "product"])
    let result = try apply(name, [x], ["axes": .axes(axes)])
    switch name {
    case "sum": keep(try apply("multiply", [result, graph.constant(1 / Double(max(count, 1)))]))
    case "product": keep(try apply("tanh", [result]))
    default:
      keep(result)
      if exact.contains(x) { exact.insert(result) }
    }
  }

  private mutating func growProduct(_ x: NodeID) throws {
    let a = dims(x)
    guard a.count >= 2 else { return }
    let fitting = reals.filter {
      let b = dims($0)
      return b.count == a.count && b.dropLast(2) == a.dropLast(2)
        && b[b.count - 2] == a[a.count - 1]
    }
    let swapped = Array(0..<a.count - 2) + [a.count - 1, a.count - 2]
    let b =
      fitting.isEmpty ? try apply("transpose", [x], ["axes": .axes(swapped)]) : choose(fitting)
    var product = try apply("matmul", [x, b])
    product = try apply("multiply", [product, graph.constant(1 / Double(a[a.count - 1]))])
    if numbers.next() < 0.6 {
      let bias = try graph.broadcast(
        try apply(
          "reinterpret", [firstElements(dims(product).last ?? 1)],
          ["dims": .dims([Dim(dims(product).last ?? 1)])]), to: graph[product].shape)
      product = try apply("add", [product, bias])
      if numbers.next() < 0.5 { product = try apply("maximum", [product, graph.constant(0)]) }
    }
    keep(product)
  }

  /// Some elements of a variable as a vector.
  private mutating func firstElements(_ count: Int) throws -> NodeID {
    let source = graph.variable(variables[7])
    let flat = try apply("reinterpret", [source], ["dims": .dims([256])])
    return try apply(
      "slice", [flat], ["starts": .dims([3]), "dims": .dims([Dim(min(count, 250))])])
  }

  private mutating func growIndexing(_ x: NodeID) throws {
    let dims = dims(x)
    guard !dims.isEmpty else { return }
    let axis = numbers.whole(0..<dims.count)
    let kept = Array(dims[..<axis] + dims[(axis + 1)...])
    let count = numbers.whole(0..<2)
    let shape = count == 0 ? Shape(kept) : [3]
    let indices = try Sample.Operand.indices(shape, in: 0..<dims[axis]).drawn(from: &numbers)
    let index = graph.variable(Variable(path: "index", tensor: indices))
    let place: Attributes = ["axis": .axes([axis])]
    if count == 0 {
      let picked = keep(try apply("pick", [x, index], place))
      if numbers.next() < 0.5 {
        var back = place
        back["dims"] = list(dims)
        keep(try apply("place", [picked, index], back))
      }
    } else {
      keep(try apply("gather", [x, index], place))
    }
  }

  private mutating func growWindow() throws {
    let images = reals.filter { dims($0).count == 4 && dims($0)[2] >= 2 && dims($0)[3] >= 2 }
    let x = choose(images)
    let padding = numbers.whole(0..<2)
    let attributes: Attributes = [
      "window": .window(
        Window(
          size: [2, 2], stride: choose([[1, 1], [2, 2]]), low: [padding, padding], high: [0, 0],
          dilation: [1, 1]))
    ]
    if numbers.next() < 0.6 {
      let channels = dims(x)[1]
      let weights = try apply(
        "reinterpret", [firstElements(2 * channels * 4)],
        ["dims": .dims([2, Dim(channels), 2, 2])])
      var convolution = attributes
      convolution["groups"] = .dim(1)
      let y = try apply("convolve", [x, weights], convolution)
      let bias = try apply(
        "broadcast", [firstElements(2)], ["dims": list(dims(y)), "axes": .axes([0, 2, 3])])
      keep(try apply("tanh", [try apply("add", [y, bias])]))
    } else {
      keep(try apply(choose(["max_pool", "mean_pool"]), [x], attributes))
    }
  }

  /// Outputs, perhaps gradients, and writes to variables.
  private mutating func finish() throws {
    for _ in 0..<(1 + numbers.whole(0..<3)) { graph.outputs.append(node()) }
    if numbers.next() < 0.5 { graph.outputs.append(choose(reals)) }
    if numbers.next() < 0.6 {
      let last = choose(Array(reals.suffix(3)))
      let loss = try apply("sum", [last], ["axes": .axes(Array(dims(last).indices))])
      let targets = variables.filter { _ in numbers.next() < 0.4 }
      let slopes = try graph.gradient(of: loss, withRespectTo: targets.map { graph.variable($0) })
      for (target, slope) in zip(targets, slopes) {
        if numbers.next() < 0.5 {
          let step = try apply("multiply", [slope, graph.constant(0.1)])
          try graph.assign(
            try apply("subtract", [graph.variable(target), step]), to: target)
        } else {
          graph.outputs.append(slope)
        }
      }
    }
    for variable in variables where numbers.next() < 0.15 {
      let fitting = reals.filter { graph[$0].shape == variable.tensor.shape }
      if let value = fitting.last { try graph.assign(value, to: variable) }
    }
  }
}

@Suite struct RandomGraphTests {
  /// Gradients of long chains lose a few digits in single precision.
  @Test(arguments: 0..<60)
  func `plans of random graphs agree with their definition`(_ group: Int) throws {
    for index in 0..<8 {
      let seed = UInt64(group * 8 + index + 1)
      let random = try RandomGraph(seed: seed, steps: 6 + index * 4)
      try expectAgreement(random.graph, within: 5e-5, "seed \(seed)")
    }
  }
}
