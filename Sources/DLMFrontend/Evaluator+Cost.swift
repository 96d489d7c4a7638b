import DLMShapes
import DLMSyntax

/// A layer with its cost and what it needs of its inputs.
package struct LayerCost {
  /// `Net`, or `Net as small` where only layers that are made of it have a cost.
  package var name: String
  package var type: String
  package var cost: Cost
  package var requirements: [Relation]
  /// What the stages of pipes in its body give, in order.
  package var stages: [(text: String, type: TensorType)]
}

// What layers cost: a walk on symbols, or on what the program says of them.
extension Evaluator {
  /// The costs of each layer that a file declares; none where only a use tells and the file has none.
  package func costs(of tree: Tree) -> [(layer: LayerDeclaration, costs: [LayerCost])] {
    if recording == nil { recording = Recording() }
    let frame = check(tree)
    return tree.items.compactMap { item in
      guard case .declaration(let declaration) = item, case .layer(let layer) = declaration.kind
      else { return nil }
      return (layer, costs(of: layer, in: frame))
    }
  }

  /// The cost of a layer on symbols; where that leaves too much open, those of the layers that the
  /// recorded check has seen made of it.
  package func costs(of layer: LayerDeclaration, in frame: Frame) -> [LayerCost] {
    if let cost = cost(of: layer, in: frame) { return [cost] }
    let made = (recording?.instances[layer.name.text] ?? []).filter { $0.path != layer.name.text }
    let outer = made.filter { !$0.path.contains(".") }
    return (outer.isEmpty ? Array(made.prefix(1)) : outer).compactMap { cost(of: $0, in: frame) }
  }

  /// The cost of a layer of the file that `frame` is at the top of, on symbols for its inputs and the
  /// statics that have no standard value; `nil` where it takes more than symbols to walk it, such as how
  /// many axes an input has.
  package func cost(of layer: LayerDeclaration, in frame: Frame) -> LayerCost? {
    cost(of: layer, called: layer.name.text, in: frame) { walker, frame in
      try walker.walkedAlone(layer, &frame)
    }
  }

  /// The cost of a layer with its own statics, on symbols for its inputs or, where those say too little,
  /// on the shapes of what the program has given it first.
  package func cost(of instance: Instance, in frame: Frame) -> LayerCost? {
    let layer = instance.declaration
    let name = "\(layer.name.text) as \(instance.path)"
    let onSymbols = cost(of: layer, called: name, in: frame) { walker, frame in
      let model = instance.copy
      try walker.walkAlone(model, &frame)
      return model
    }
    if let onSymbols { return onSymbols }
    let first = instance.firstInputs
    guard !first.isEmpty, let place = frame.tree.expressionIDs.first(where: { _ in true }) else {
      return nil
    }
    let given = layer.inputs.compactMap { input in
      first[input.name.text].map {
        Given(
          label: input.name, value: .tensor(TensorValue($0)), place: place,
          span: frame.tree.span(place))
      }
    }
    var result = cost(of: layer, called: name, in: frame) { walker, frame in
      let model = instance.copy
      _ = try walker.apply(model, given, at: place, &frame)
      return model
    }
    let types = layer.inputs.compactMap { first[$0.name.text].map { "\($0)" } }
    let written = layer.result.map { " -> \(frame.tree.file.string($0.span))" } ?? ""
    result?.type = types.joined(separator: ", ") + written
    return result
  }

  /// - Parameter walk: walks the layer; `nil` where it cannot.
  private func cost(
    of layer: LayerDeclaration, called name: String, in frame: Frame,
    _ walk: (Evaluator, inout Frame) throws -> Instance?
  ) -> LayerCost? {
    let walker = checker()
    walker.cost = Cost()
    let recording = Recording()
    recording.begin(frame.module)
    walker.recording = recording
    var inner = frame
    guard let instance = try? walk(walker, &inner), var cost = walker.cost,
      !walker.skippedAlone
    else { return nil }
    cost.add(parametersOf: instance)
    // What the layer needs holds wherever it is used: `2 * (D div 2)` is D where 2 divides D.
    var facts = Facts()
    for case .divides(let a, let b) in walker.requirements.map(\.relation) {
      facts.assume(.divides(a, by: b))
    }
    let file = frame.tree.file
    let types = layer.inputs.map { input in
      input.type.map { file.string($0.span) } ?? input.name.text
    }
    let result = layer.result.map { " -> \(file.string($0.span))" } ?? ""
    return LayerCost(
      name: name, type: types.joined(separator: ", ") + result,
      cost: cost.mapDims { facts.normal($0) }, requirements: walker.solvedRequirements(facts),
      stages: recording.stages.sorted { $0.key.position < $1.key.position }.compactMap { id, seen in
        guard case .tensor(let tensor) = seen.value else { return nil }
        return (frame.tree.text(id), tensor.type.of(tensor.type.dims.map { facts.normal($0) }))
      })
  }

  /// What the walk has had to take for granted, solved for a symbol where that can be done, the
  /// strongest of each; without what follows from `facts` about what divides what.
  private func solvedRequirements(_ facts: Facts) -> [Relation] {
    var bounds: [(symbol: Symbol, least: Int)] = []
    var others: [Relation] = []
    for requirement in requirements {
      let relation = requirement.relation
      guard let (symbol, least) = relation.lowerBound else {
        if case .divides = relation {
        } else if facts.decide(relation) == .proved {
          continue
        }
        if !others.contains(relation) { others.append(relation) }
        continue
      }
      if let index = bounds.firstIndex(where: { $0.symbol == symbol }) {
        bounds[index].least = max(bounds[index].least, least)
      } else {
        bounds.append((symbol, least))
      }
    }
    return bounds.map { .atLeast(Dim($0.symbol), Dim($0.least)) } + others
  }
}
