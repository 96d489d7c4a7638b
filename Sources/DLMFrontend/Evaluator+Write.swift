import DLMShapes
import DLMSyntax

/// What `plot`, `save` and `graph` write, with its numbers.
package enum Output {
  case pictures([Picture])
  /// A tensor: its dims and elements, and whether they are real.
  case array(dims: [Int], values: [Double], isReal: Bool)
  /// Layers, whose parameters and state are saved by their paths without that of the layer.
  case layers([Instance])
  /// What a number was made of, and what it is differentiated by, with names.
  case graph(TensorValue, targets: [(name: String, value: TensorValue)])

  /// Endings of the files that it can be written to.
  package var endings: [String] {
    switch self {
    case .pictures(let pictures):
      if case .images? = pictures.first, pictures.count == 1 { ["svg", "png"] } else { ["svg"] }
    case .array: ["npy"]
    case .layers: ["safetensors"]
    case .graph: ["svg", "mmd"]
    }
  }
}

extension [Instance] {
  /// What a file of these layers has, by its name there: with one layer its own path is left out.
  package var saved: [(name: String, path: String, type: TensorType)] {
    flatMap { layer in
      layer.all.flatMap { one in
        one.kept.map { kept in
          let path = "\(one.path).\(kept.name)"
          return (count == 1 ? String(path.dropFirst(layer.path.count + 1)) : path, path, kept.type)
        }
      }
    }
  }
}

// `plot lines(y) to "a.svg"`, `save net to "net.safetensors"`, `graph z wrt [x] to "z.svg"`.
extension Evaluator {
  func write(
    _ word: Name, _ values: [ExpressionID], to target: ExpressionID?, _ statement: Statement,
    _ frame: inout Frame
  ) throws {
    guard let target else {
      throw Failure(.writesNowhere(word.text, frame.label(statement.span)))
    }
    let path = try value(target, &frame)
    guard case .string(let name) = path else {
      throw Failure(.notAString(frame.tree.text(target), frame.label(target)))
    }
    let output: Output =
      switch word.text {
      case "plot": .pictures(try values.map { try picture($0, &frame) })
      case "graph": try graph(values, statement, &frame)
      default: try saved(values, statement, &frame)
      }
    guard let name else { return }
    let ending = name.split(separator: ".").last.map(String.init) ?? ""
    guard output.endings.contains(ending) else {
      throw Failure(.wrongEnding(name, output.endings, frame.label(target)))
    }
    if case .layers(let layers) = output, machine == nil { savedFiles[name] = layers.saved }
    if let writer, machine != nil { try writer(output, name) }
  }

  private func picture(_ id: ExpressionID, _ frame: inout Frame) throws -> Picture {
    if case .picture(let picture) = try value(id, &frame) { return picture }
    let tensor = try tensor(id, &frame)
    guard tensor.type.dims.count == 1 else {
      throw Failure(.notAVector("plot", tensor.type, frame.label(id)))
    }
    return .line(name: frame.tree.text(id), x: nil, y: tensor)
  }

  private func saved(_ values: [ExpressionID], _ statement: Statement, _ frame: inout Frame) throws
    -> Output
  {
    let found = try values.map { try value($0, &frame) }
    let layers = found.compactMap { if case .instance(let instance) = $0 { instance } else { nil } }
    if layers.count == found.count, !found.isEmpty { return .layers(layers) }
    guard values.count == 1 else {
      throw Failure(.savesTogether(frame.label(statement.span)))
    }
    if case .picture(let picture) = found[0] { return .pictures([picture]) }
    let tensor = try tensor(from: found[0], values[0], frame)
    let numbers = try read(tensor) ?? []
    let dims = tensor.handle?.dims ?? []
    return .array(dims: dims, values: numbers, isReal: tensor.type.kind.isReal)
  }

  private func graph(_ values: [ExpressionID], _ statement: Statement, _ frame: inout Frame) throws
    -> Output
  {
    let number = try tensor(values[0], &frame)
    guard number.isScalar else {
      throw Failure(.gradientOfTensor(number.type, frame.label(values[0])))
    }
    let targets = values.dropFirst().flatMap { id -> [ExpressionID] in
      if case .list(let items) = frame.tree[id] { items } else { [id] }
    }
    return .graph(
      number,
      targets: try targets.map { (frame.tree.text($0), try tensor($0, &frame)) })
  }
}
