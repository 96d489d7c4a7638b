import DLMOperators
import DLMShapes
import DLMSyntax

/// What a layer costs, as formulas in the symbols of its input.
package struct Cost {
  /// Trained numbers.
  package var parameters: Dim = 0
  /// Products that are added up, going forward once.
  package var multiplyAdds: Dim = 0
  /// Bytes of the parameters.
  var parameterBytes: Dim = 0
  /// Bytes that are computed going forward; a training keeps at most these for its gradients.
  private var activationBytes: Dim = 0

  /// Bytes that a training step needs at most: every number of the forward pass and its gradient, and
  /// for each parameter its gradient and the two numbers that Adam keeps.
  package var trainingBytes: Dim { 2 * activationBytes + 4 * parameterBytes }

  /// With what `count` times the same costs.
  func adding(_ other: Cost, times count: Dim) -> Cost {
    var result = self
    result.multiplyAdds = multiplyAdds + count * other.multiplyAdds
    result.activationBytes = activationBytes + count * other.activationBytes
    return result
  }

  /// Counts an operator; types in the symbols of the outermost input.
  mutating func add(_ operation: Operator, _ operands: [TensorType], _ result: TensorType) {
    let operands = operands.map(\.dims)
    let count = result.count
    switch operation.lowering {
    case .reshape, .transpose, .broadcast, .slice, .reverse, .stopGradient, .constant, .random,
      .iota, .renewed:
      return
    case .matmul:
      if let inner = operands.first?.last { multiplyAdds = multiplyAdds + count * inner }
    case .convolve:
      let window = operands[1].dropFirst().reduce(1, *)
      multiplyAdds = multiplyAdds + count * window
    case .convolveInputGradient:
      let x = operands[0].reduce(1, *)
      multiplyAdds = multiplyAdds + x * operands[1].dropFirst().reduce(1, *)
    case .map, .cast, .pad, .concatenate, .reduce, .indexOf, .convolveWeightGradient, .maxPool,
      .maxPoolScatter, .maxPoolGather, .meanPool, .meanPoolGradient, .gather, .scatterAdd, .pick,
      .place, .routine:
      break
    }
    activationBytes = activationBytes + Dim(result.element.byteCount) * count
  }
}

extension TensorType {
  /// How many numbers it has.
  fileprivate var count: Dim { dims.reduce(1, *) }
}

/// A layer with its cost and what it needs of its input.
package struct LayerCost {
  package var name: String
  package var type: String
  package var cost: Cost
  package var requirements: [Relation]
  /// What the stages of pipes in its body give, in order.
  package var stages: [(text: String, type: TensorType)]
}

extension Evaluator {
  /// The cost of each layer that a file declares, on symbols for what its input leaves open.
  ///
  /// Layers with statics that have no standard value are left out: their widths are not known.
  package func costs(of tree: Tree) -> [LayerCost] {
    let frame = check(tree)
    return tree.items.compactMap { item in
      guard case .declaration(let declaration) = item, case .layer(let layer) = declaration.kind
      else { return nil }
      return cost(of: layer, in: frame)
    }
  }

  /// The cost of a layer of the file that `frame` is at the top of; `nil` where a static has no standard
  /// value, or an input may have any number of axes.
  package func cost(of layer: LayerDeclaration, in frame: Frame) -> LayerCost? {
    guard layer.statics.allSatisfy({ $0.standard != nil }) else { return nil }
    let walker = checker()
    walker.cost = Cost()
    let recording = Recording()
    recording.begin(frame.module)
    walker.recording = recording
    var inner = frame
    guard let instance = try? walker.walkedAlone(layer, &inner) else { return nil }
    var cost = walker.cost ?? Cost()
    guard !walker.skippedAlone else { return nil }
    for (_, type) in instance.parameters {
      cost.parameters = cost.parameters + type.count
      cost.parameterBytes = cost.parameterBytes + Dim(type.element.byteCount) * type.count
    }
    let file = frame.tree.file
    let type = layer.inputs.compactMap { $0.type.map { file.string($0.span) } }
      .joined(separator: ", ")
    let result = layer.result.map { " -> \(file.string($0.span))" } ?? ""
    return LayerCost(
      name: layer.name.text, type: type + result, cost: cost,
      requirements: walker.solvedRequirements,
      stages: recording.stages.sorted { $0.key.position < $1.key.position }.compactMap { id, seen in
        guard case .tensor(let tensor) = seen.value else { return nil }
        return (frame.tree.text(id), tensor.type)
      })
  }

  /// What the walk has had to take for granted, solved for a symbol where that can be done, the
  /// strongest of each.
  private var solvedRequirements: [Relation] {
    var bounds: [(symbol: Symbol, least: Int)] = []
    var others: [Relation] = []
    for requirement in requirements {
      guard let (symbol, least) = requirement.relation.lowerBound else {
        if !others.contains(requirement.relation) { others.append(requirement.relation) }
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
