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
  private var parameterBytes: Dim = 0
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

  /// With `change` made of each of its formulas.
  func mapDims(_ change: (Dim) -> Dim) -> Cost {
    var result = self
    result.parameters = change(parameters)
    result.multiplyAdds = change(multiplyAdds)
    result.parameterBytes = change(parameterBytes)
    result.activationBytes = change(activationBytes)
    return result
  }

  /// Counts the parameters of a layer.
  mutating func add(parametersOf instance: Instance) {
    for (_, type) in instance.parameters {
      parameters = parameters + type.count
      parameterBytes = parameterBytes + Dim(type.element.byteCount) * type.count
    }
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
