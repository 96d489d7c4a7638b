import DLMFormats
import DLMFrontend
import DLMGraph
import DLMPlot
import DLMTensor

/// Writes what `plot`, `save` and `graph` give to files, each whole or not at all.
struct OutputWriter {
  let machine: GraphMachine
  let evaluator: Evaluator

  func write(_ output: Output, to path: String) throws {
    switch output {
    case .pictures(let pictures): try write(bytes(of: pictures, path), to: path)
    case .array(let dims, let values, let isReal):
      try write(NPYText.bytes(dims: dims, values: values, isReal: isReal), to: path)
    case .layers(let layers): try write(layers, to: path)
    case .graph(let number, let targets):
      let drawing = try drawing(of: number, targets)
      try write(Array((path.hasSuffix(".mmd") ? drawing.mermaid : drawing.svg).utf8), to: path)
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    do throws(FileError) {
      if let end = path.lastIndex(of: "/"), end > path.startIndex {
        try FileSystem.createFolder(String(path[..<end]))
      }
      try AtomicFile.write(path) { writer throws(FileError) in try writer.write(bytes) }
    } catch {
      throw MachineError("cannot write `\(path)`: \(error.reason)")
    }
  }

  /// Parameters and state; with one layer its own path is left out of their names.
  private func write(_ layers: [Instance], to path: String) throws {
    let store = try machine.computed()
    var tensors: [String: Tensor] = [:]
    for (name, path, _) in layers.saved { tensors[name] = store[path]?.tensor }
    guard !tensors.isEmpty else {
      throw MachineError(
        "`\(layers.map(\.path).joined(separator: ", "))` has no parameters yet",
        help: "parameters are made when something first goes through a layer")
    }
    do throws(SafetensorsError) {
      try Safetensors.write(Safetensors.Contents(tensors: tensors), to: path)
    } catch {
      throw MachineError(error.message)
    }
  }

  private func bytes(of pictures: [Picture], _ path: String) throws -> [UInt8] {
    if case .images(let tensor)? = pictures.first, pictures.count == 1 {
      let values = try numbers(tensor)
      guard let grid = ImageGrid(tensor.handle?.dims ?? [], values) else {
        throw MachineError("this is no grid of images: \(tensor.type)")
      }
      return path.hasSuffix(".png") ? grid.png : Array(grid.svg.utf8)
    }
    return Array(Chart(try pictures.flatMap { try layers($0) }).svg.utf8)
  }

  private func numbers(_ tensor: TensorValue) throws -> [Double] {
    try evaluator.read(tensor) ?? []
  }

  private func layers(_ picture: Picture) throws -> [Chart.Layer] {
    switch picture {
    case .line(let name, let x, let y):
      let values = try numbers(y)
      let places = try x.map { try numbers($0) } ?? values.indices.map(Double.init)
      return [.line(name: name, x: places, y: values)]
    case .scatter(let name, let x, let y, let groups):
      return [
        .scatter(
          name: name, x: try numbers(x), y: try numbers(y),
          groups: try groups.map { try numbers($0).map { Int($0) } })
      ]
    case .regions(let columns, let rows, let values, let x, let y, let points):
      return [
        .regions(columns: columns, rows: rows, values: values, x: x, y: y),
        .scatter(name: "", x: points.map(\.x), y: points.map(\.y), groups: points.map(\.group)),
      ]
    case .histogram(let name, let tensor):
      let (edges, heights) = Self.histogram(try numbers(tensor))
      return [.bars(name: name, edges: edges, heights: heights)]
    case .images: return []
    }
  }

  /// As many bins as the root of the count, at most 60.
  private static func histogram(_ values: [Double]) -> (edges: [Double], heights: [Double]) {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return ([0, 1], [0]) }
    let bins = max(1, min(60, Int(Double(finite.count).squareRoot())))
    let width = high > low ? (high - low) / Double(bins) : 1
    var heights = [Double](repeating: 0, count: bins)
    for value in finite { heights[min(bins - 1, Int((value - low) / width))] += 1 }
    return ((0...bins).map { low + Double($0) * width }, heights)
  }

  /// What `number` was made of, each node with its value and its gradient where it has them.
  private func drawing(
    of number: TensorValue, _ targets: [(name: String, value: TensorValue)]
  ) throws -> GraphDrawing {
    let steps = try machine.steps(
      behind: number.handle, named: targets.map { ($0.name, $0.value.handle) })
    return GraphDrawing(
      steps.map { step in
        // Numbers of the text have no name, and nobody asks for the gradient in them.
        var lines = step.name.isEmpty ? [] : [step.name]
        if let value = step.value { lines.append(NumberText.of(value)) }
        if let slope = step.slope, !step.name.isEmpty { lines.append("∂ \(NumberText.of(slope))") }
        return GraphDrawing.Node(lines: lines, inputs: step.inputs)
      })
  }
}

extension GraphMachine {
  /// One operation behind a number.
  struct Step {
    var name: String
    var inputs: [Int]
    /// The value and the gradient of the number in it, if each is one number.
    var value: Double?
    var slope: Double?
  }

  /// The operations behind `result` in plain code, those that are made of none first.
  func steps(behind result: Handle?, named: [(name: String, handle: Handle?)]) throws -> [Step] {
    guard let result else { return [] }
    let graph = recorded
    guard result.recording === currentTape else {
      throw MachineError("`graph` draws what plain code has computed")
    }
    var needed: Set<Int> = [result.place]
    for index in stride(from: result.place, through: 0, by: -1) where needed.contains(index) {
      // A named value is where the drawing begins.
      if named.contains(where: { $0.handle?.place == index }) { continue }
      for operand in graph[NodeID(index)].operands { needed.insert(Int(operand.index)) }
    }
    let order = needed.sorted()
    // Reading a number may move what is named to other places of the tape.
    let names = order.map { index in named.first { $0.handle?.place == index }?.name }
    let handles = order.map { handle(at: $0) }
    let slopes = try gradient(of: result, withRespectTo: handles, seed: nil)
    let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    return try order.enumerated().map { number, index in
      let node = graph[NodeID(index)]
      let isNumber = node.shape.count == 1
      let name = names[number]
      let hasInputs = name == nil && !node.operands.isEmpty
      return Step(
        name: name ?? node.title,
        inputs: hasInputs ? node.operands.compactMap { position[Int($0.index)] } : [],
        value: isNumber ? try read(handles[number]).first : nil,
        slope: isNumber && number < slopes.count ? try read(slopes[number]).first : nil)
    }
  }
}

extension Node {
  /// What a drawing calls it.
  fileprivate var title: String {
    switch source {
    case .variable(let variable): variable.path
    // As a number of the text, which has none.
    case .apply(.constant, _, _): ""
    case .apply(let operation, _, _): operation.name
    case .input(let number): "input \(number)"
    case .loop: "scan"
    case .part: "part"
    }
  }
}
