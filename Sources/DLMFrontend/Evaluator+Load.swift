import DLMShapes
import DLMSyntax

/// What a file of weights has for a part of a layer.
struct FileWeight {
  /// Its name in the file.
  var name: String
  var dims: [Dim]
  var file: String
  /// Where the program says that it comes from there.
  var place: Diagnostic.Label

  /// Whether it may be what a layer keeps with these dims.
  func fits(_ others: [Dim], _ facts: Facts) -> Bool {
    dims.count == others.count
      && zip(dims, others).allSatisfy { facts.decide(.equal($0, $1)) != .refuted }
  }
}

// `let net = Net() from "net.safetensors" rename torch`: weights of a file, compared while checking.
extension Evaluator {
  func load(
    _ source: ExpressionID, rename: Name?, into value: Value, _ place: ExpressionID,
    _ frame: inout Frame
  ) throws {
    guard case .instance(let instance) = value else {
      throw Failure(.notAPart(frame.tree.text(place), frame.label(place)))
    }
    guard case .string(let path?) = try self.value(source, &frame) else {
      throw Failure(.notAString(frame.tree.text(source), frame.label(source)))
    }
    guard let weights = try weights(of: path, source, frame) else { return }
    loaded.insert(instance.path)
    let parts = try partsAlone(instance, &frame)
    let names = try names(of: weights, rename, parts, frame)
    var left: [String: FileWeight] = [:]
    for weight in weights { left[names[weight.name] ?? weight.name] = weight }
    for part in parts {
      guard let found = left.removeValue(forKey: part.name) else {
        throw Failure(
          .notInFile(
            part.path, path, nearest(to: part.name, among: left.keys.sorted()), frame.label(source))
        )
      }
      let dims = part.type.dims.map { frame.facts.normal($0) }
      guard found.fits(dims, frame.facts) else {
        throw Failure(.otherWeights(part.path, TensorType(part.type.kind, dims), found))
      }
      if machine == nil { fileWeights[part.path] = found }
    }
    // How many batches a norm has seen is nothing that is computed with.
    left = left.filter { !$0.value.name.hasSuffix("num_batches_tracked") }
    if !parts.isEmpty, let extra = left.values.map(\.name).sorted().first {
      warn(.unusedWeights(extra, left.count, path, frame.label(source)))
    }
    try machine?.load(path, into: instance.path, names: names)
  }

  /// What the file at `path` has; `nil` while checking where there is none.
  private func weights(of path: String, _ source: ExpressionID, _ frame: Frame) throws
    -> [FileWeight]?
  {
    let place = frame.label(source)
    // A file that the program writes itself is what it has written there.
    if let saved = savedFiles[path] {
      return saved.map { FileWeight(name: $0.name, dims: $0.type.dims, file: path, place: place) }
    }
    do {
      return try provider.weights(path).map { name, dims in
        FileWeight(name: name, dims: dims.map { Dim($0) }, file: path, place: place)
      }
    } catch let problem as DataProblem {
      let failure = Failure(.dataProblem(problem, place))
      // What the layer is, is known without its first weights.
      guard machine == nil, problem.isMissing else { throw failure }
      report(failure)
      return nil
    }
  }

  /// For names of the file the names of the layer's parts.
  private func names(
    of weights: [FileWeight], _ rename: Name?, _ parts: [LayerPart], _ frame: Frame
  ) throws -> [String: String] {
    if let rename, rename.text == LayerPart.torchvision, frame.scope[rename.text] == nil {
      return parts.names(ofTorchvision: weights, frame.facts)
    }
    var names: [String: String] = [:]
    for weight in weights { names[weight.name] = try own(weight.name, rename, frame) }
    return names
  }

  /// What the file calls `name`, in the words of the layers.
  private func own(_ name: String, _ rename: Name?, _ frame: Frame) throws -> String {
    guard let rename else { return name }
    guard case .function(let function)? = frame.scope[rename.text]?.value else {
      throw Failure(
        .unknownName(
          rename.text,
          nearest(to: rename.text, among: [LayerPart.torchvision] + frame.scope.names),
          frame.label(rename.span)))
    }
    var copy = frame
    let place = function.declaration.body.statements.lazy.compactMap { statement in
      if case .expression(let id) = statement.kind { id } else { nil }
    }.first
    guard let place else { return name }
    copy.module = function.module
    let given = Given(
      label: nil, value: .string(name), place: place, span: function.module.tree.span(place))
    guard case .string(let own?) = try apply(function, [given], at: place, &copy) else {
      throw Failure(.notAString(rename.text, frame.label(rename.span)))
    }
    return own
  }

  /// What a layer keeps, found on a walk with symbols for its inputs; nothing where those do not tell.
  private func partsAlone(_ instance: Instance, _ frame: inout Frame) throws -> [LayerPart] {
    let checker = checker()
    checker.asksForParts = true
    try checker.walkAlone(instance, &frame)
    symbols = checker.symbols
    return instance.inOrder.enumerated().flatMap { layer, one in
      one.kept.map { kept in
        let path = "\(one.path).\(kept.name)"
        return LayerPart(
          path: path, name: String(path.dropFirst(instance.path.count + 1)), layer: layer,
          type: kept.type)
      }
    }
  }

  /// Whether what is kept at `path` with this type may come from the file that it is said to come from.
  func fitsFile(_ path: String, _ type: TensorType, _ facts: Facts) -> Bool {
    fileWeights[path]?.fits(type.dims, facts) ?? true
  }

  /// Holds what is kept against the file that it comes from: its width may have come with its input.
  func checkFile(_ path: String, _ type: TensorType, _ frame: Frame, at place: Span) throws {
    guard let weight = fileWeights[path], !weight.fits(type.dims, frame.facts) else { return }
    let dims = type.dims.map { frame.facts.normal($0) }
    throw Failure(
      .otherWeights(path, TensorType(type.kind, dims, type.element), weight, frame.label(place)))
  }
}
