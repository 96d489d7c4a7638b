import CDLMKernels
import DLMGraph
import DLMOperators
import DLMTensor

extension Graph {
  /// The values of `wanted`: each node as one call of the reference backend, nothing shared, fused or
  /// reused, loops place by place. Every result is filled with `unwritten` first.
  ///
  /// - Parameters:
  ///   - unwritten: what results hold before they are written.
  ///   - seed: of the random streams.
  ///   - counter: which draw of each stream is taken.
  package func evaluateNaively(
    _ wanted: [NodeID], unwritten: Double = -7.25e9, seed: UInt64 = 7, counter: UInt64 = 0
  ) throws -> [Tensor] {
    let (graph, wanted) = try unrolled(wanted)
    var values: [Tensor] = []
    for node in graph.nodes {
      switch node.source {
      case .variable(let variable): values.append(variable.tensor)
      case .apply(let op, let operands, let attributes):
        let result = try Tensor(
          [Double](repeating: unwritten, count: node.shape.count), shape: node.shape,
          node.elementType)
        let call = NaiveCall(
          op: op, attributes: attributes, operands: operands.map { values[Int($0.index)] },
          result: result, seed: seed, counter: counter)
        try call.run()
        values.append(result)
      case .input, .loop, .part: preconditionFailure("loops have been unrolled")
      }
    }
    return wanted.map { values[Int($0.index)] }
  }
}

/// One operator as kernel calls on tensors.
struct NaiveCall {
  let op: Operator
  let attributes: Attributes
  let operands: [Tensor]
  let result: Tensor
  let seed: UInt64
  let counter: UInt64

  func run() throws {
    let y = view(operands.count, result)
    let x = operands.enumerated().map { view($0, $1) }
    switch op.lowering {
    case .map(let function): try execute(.map(ScalarProgram(function, domain: .f64)), x, y)
    case .cast, .stopGradient, .renewed: try copy(x[0], y)
    case .broadcast:
      let new = attributes.axes()
      let kept = y.dims.indices.filter { !new.contains($0) }
      var strides = y.dims.map { _ in 0 }
      for (axis, place) in kept.enumerated() { strides[place] = x[0].strides[axis] }
      try copy(strided(x[0], y.dims, strides), y)
    case .reshape: try copy(strided(x[0], y.dims, y.strides), y)
    case .transpose:
      try copy(strided(x[0], y.dims, attributes.axes().map { x[0].strides[$0] }), y)
    case .slice:
      try copy(window(x[0], attributes.dims("starts"), attributes.dims("steps"), y.dims), y)
    case .reverse:
      var from = x[0]
      for axis in attributes.axes() where from.dims[axis] > 0 {
        from.offset += (from.dims[axis] - 1) * from.strides[axis]
        from.strides[axis] *= -1
      }
      try copy(from, y)
    case .pad:
      try fill(y, attributes.real("value"))
      try copy(x[0], window(y, attributes.dims("low"), attributes.dims("steps"), x[0].dims))
    case .concatenate:
      let axis = attributes.axis()
      var start = y.dims.map { _ in 0 }
      for part in x {
        try copy(part, window(y, start, y.dims.map { _ in 1 }, part.dims))
        start[axis] += part.dims[axis]
      }
    case .reduce(let reduction):
      let axes = attributes.axes()
      try execute(
        .reduce(reduction, .copy(domain: .f64), axes: axes), x, keeping(axes, of: x[0].dims, y))
    case .indexOf(let extremum):
      let axis = attributes.axis()
      try execute(.indexOf(extremum, axis: axis), x, keeping([axis], of: x[0].dims, y))
    case .matmul: try execute(.matmul(epilogue: nil), x, y)
    case .convolve, .convolveInputGradient, .convolveWeightGradient, .maxPool, .maxPoolScatter,
      .maxPoolGather, .meanPool, .meanPoolGradient:
      try execute(windowed, x, y)
    case .gather, .scatterAdd, .pick, .place: try runIndexing(x, y)
    case .random(let distribution):
      let kernel = Kernel.random(
        distribution, stream: attributes.stream(), fixed: attributes.bool("fixed"))
      try execute(kernel, [], y)
    case .iota: try execute(.iota(axis: attributes.axis()), [], y)
    case .constant: try fill(y, attributes.real("value"))
    case .routine(let family): try execute(.routine(family.routine(attributes)), x, y)
    }
  }

  private var windowed: Kernel {
    let window = attributes.window()
    func groups() -> Int { attributes.int("groups") }
    return switch op.lowering {
    case .convolve: .convolve(window, groups: groups(), .rowMajor, epilogue: nil)
    case .convolveInputGradient: .convolveInputGradient(window, groups: groups(), .rowMajor)
    case .convolveWeightGradient: .convolveWeightGradient(window, groups: groups(), .rowMajor)
    case .maxPool: .maxPool(window, .rowMajor)
    case .maxPoolScatter: .maxPoolScatter(window, .rowMajor)
    case .maxPoolGather: .maxPoolGather(window, .rowMajor)
    case .meanPool: .meanPool(window, .rowMajor)
    default: .meanPoolGradient(window, .rowMajor)
    }
  }

  /// The kernels know three axes: what is before `axis`, the axis, what is after it.
  private func runIndexing(_ x: [View], _ y: View) throws {
    let axis = attributes.axis()
    let long = op.lowering == .gather || op.lowering == .pick ? x[0] : y
    let count = long.dims[axis]
    let before = long.dims[..<axis].reduce(1, *)
    let after = long.dims[(axis + 1)...].reduce(1, *)
    let size = x[1].count
    func dense(_ view: View, _ dims: [Int]) -> View { strided(view, dims, Shape(dims).strides) }
    switch op.lowering {
    case .gather:
      try execute(
        .gather, [dense(x[0], [before, count, after]), dense(x[1], [size])],
        dense(y, [before, size, after]))
    case .scatterAdd:
      try execute(
        .scatterAdd, [dense(x[0], [before, size, after]), dense(x[1], [size])],
        dense(y, [before, count, after]))
    case .pick:
      try execute(
        .pick, [dense(x[0], [before, count, after]), dense(x[1], [before, after])],
        dense(y, [before, after]))
    default:
      try execute(
        .place, [dense(x[0], [before, after]), dense(x[1], [before, after])],
        dense(y, [before, count, after]))
    }
  }

  private func view(_ slot: Int, _ tensor: Tensor) -> View {
    View(rowMajor: .slot(slot), tensor.elementType, tensor.shape)
  }

  private func strided(_ view: View, _ dims: [Int], _ strides: [Int]) -> View {
    View(view.buffer, view.elementType, offset: view.offset, dims: dims, strides: strides)
  }

  /// `view[starts + i * steps]` for `i` in `dims`.
  private func window(_ view: View, _ starts: [Int], _ steps: [Int], _ dims: [Int]) -> View {
    let offset = zip(starts, view.strides).reduce(view.offset) { $0 + $1.0 * $1.1 }
    let strides = zip(steps, view.strides).map { $0 * $1 }
    return View(view.buffer, view.elementType, offset: offset, dims: dims, strides: strides)
  }

  /// `y` with the reduced axes back at length one.
  private func keeping(_ axes: [Int], of dims: [Int], _ y: View) -> View {
    let kept = dims.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    return strided(y, kept, Shape(kept).strides)
  }

  private func fill(_ y: View, _ value: Double) throws {
    let program = ScalarProgram(
      domain: .f64, inputCount: 0, steps: [.constant(value)], outputs: [0])
    try execute(.map(program), [], y)
  }

  private func copy(_ x: View, _ y: View) throws {
    try execute(.map(.copy(domain: .f64)), [x], y)
  }

  private func execute(_ kernel: Kernel, _ x: [View], _ y: View) throws {
    let pointers = (operands + [result]).map(\.storage.pointer)
    try Reference(arena: result.storage.pointer, slots: pointers, seed: seed, counter: counter)
      .execute(Instruction(kernel, operands: x, results: [y], label: op.name))
  }
}
