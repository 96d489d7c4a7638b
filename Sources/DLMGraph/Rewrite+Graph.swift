import DLMOperators
import DLMShapes
import DLMTensor

/// Terms of a whole graph, and what is to be done with them.
struct Draft {
  var terms = Terms()
  var variables: [Variable] = []
  /// Element types of what the plan reads: those of the variables, or of the inputs of a loop's body.
  var inputTypes: [ElementType] = []
  /// Terms whose values leave the plan.
  var outputs: [Int] = []
  /// Variables, by number, and the terms that they become.
  var assignments: [(variable: Int, term: Int)] = []
}

extension Draft {
  /// Simplified terms of `graph`; variables are numbered in the order in which nodes name them.
  init(_ graph: Graph) {
    var numbers: [Int] = []
    var variableNumbers: [ObjectIdentifier: Int] = [:]
    for node in graph.nodes {
      terms.line = node.line
      switch node.source {
      case .variable(let variable):
        let number = number(of: variable, &variableNumbers)
        numbers.append(terms.add(Term(.variable(number), node.shape.dims, node.elementType)))
      case .apply(let op, let operands, let attributes):
        let operands = operands.map { numbers[Int($0.index)] }
        numbers.append(terms.make(node, op.lowering, operands, attributes))
      case .input(let number):
        while inputTypes.count <= number { inputTypes.append(.f32) }
        inputTypes[number] = node.elementType
        numbers.append(terms.add(Term(.variable(number), node.shape.dims, node.elementType)))
      case .loop(let loop, let operands):
        let operands = operands.map { numbers[Int($0.index)] }
        numbers.append(terms.add(Term(.loop(loop), operands, [], .f32)))
      case .part(let loop, let index):
        let operand = numbers[Int(loop.index)]
        numbers.append(
          terms.add(Term(.part(index), [operand], node.shape.dims, node.elementType)))
      }
    }
    outputs = graph.outputs.map { numbers[Int($0.index)] }
    for assignment in graph.assignments {
      let number = self.number(of: assignment.variable, &variableNumbers)
      assignments.append((number, numbers[Int(assignment.value.index)]))
    }
  }

  private mutating func number(of variable: Variable, _ numbers: inout [ObjectIdentifier: Int])
    -> Int
  {
    if let known = numbers[ObjectIdentifier(variable)] { return known }
    variables.append(variable)
    inputTypes.append(variable.tensor.elementType)
    numbers[ObjectIdentifier(variable)] = variables.count - 1
    return variables.count - 1
  }
}

extension Terms {
  /// The term of one recorded operation.
  fileprivate mutating func make(
    _ node: Node, _ lowering: Lowering, _ operands: [Int], _ attributes: Attributes
  ) -> Int {
    let dims = node.shape.dims
    let type = node.elementType
    func term(_ action: Action) -> Term { Term(action, operands, dims, type) }
    switch lowering {
    case .map(let function): return make(term(.map(function)))
    case .cast: return make(term(.cast))
    case .stopGradient: return operands[0]
    case .broadcast:
      let new = Set(attributes.axes())
      return make(term(.broadcast(dims.indices.filter { !new.contains($0) })))
    case .reshape: return make(term(.reshape))
    case .transpose: return make(term(.transpose(attributes.axes())))
    case .slice:
      return make(term(.slice(starts: attributes.dims("starts"), steps: attributes.dims("steps"))))
    case .reverse:
      let reversed = Set(attributes.axes())
      return make(
        term(
          .slice(
            starts: dims.indices.map { reversed.contains($0) ? Swift.max(dims[$0] - 1, 0) : 0 },
            steps: dims.indices.map { reversed.contains($0) ? -1 : 1 })))
    case .pad:
      return make(
        term(
          .pad(
            low: attributes.dims("low"), steps: attributes.dims("steps"),
            value: attributes.real("value"))))
    case .concatenate: return make(term(.concatenate(attributes.axis())))
    case .reduce(let reduction):
      let axes = attributes.axes()
      return axes.isEmpty ? operands[0] : make(term(.reduce(reduction, axes.sorted())))
    case .indexOf(let extremum): return make(term(.indexOf(extremum, attributes.axis())))
    case .matmul: return make(term(.matmul))
    case .convolve, .convolveInputGradient, .convolveWeightGradient, .maxPool, .maxPoolScatter,
      .maxPoolGather, .meanPool, .meanPoolGradient:
      return make(term(.kernel(window(lowering, attributes))))
    case .gather: return makeIndexed(.gather, node, operands, attributes)
    case .scatterAdd: return makeIndexed(.scatterAdd, node, operands, attributes)
    case .pick: return makeIndexed(.pick, node, operands, attributes)
    case .place: return makeIndexed(.place, node, operands, attributes)
    case .random(let distribution):
      return make(
        term(
          .kernel(
            .random(
              distribution, stream: attributes.stream(), fixed: attributes.bool("fixed")))))
    case .iota: return make(term(.kernel(.iota(axis: attributes.axis()))))
    case .routine(let family): return make(term(.kernel(.routine(family.routine(attributes)))))
    case .renewed: return add(term(.renewed(attributes.stream())))
    case .constant: return constant(attributes.real("value"), like: term(.copy))
    }
  }

  /// Kernels read indices of 32 bits.
  private mutating func makeIndexed(
    _ kernel: Kernel, _ node: Node, _ operands: [Int], _ attributes: Attributes
  ) -> Int {
    let index = make(Term(.cast, [operands[1]], self[operands[1]].dims, .i32))
    return make(
      Term(
        .indexed(kernel, axis: attributes.axis()), [operands[0], index], node.shape.dims,
        node.elementType))
  }

  /// The kernel of a windowed operator on row-major images.
  private func window(_ lowering: Lowering, _ attributes: Attributes) -> Kernel {
    let window = attributes.window()
    switch lowering {
    case .convolve:
      return .convolve(window, groups: attributes.int("groups"), .rowMajor, epilogue: nil)
    case .convolveInputGradient:
      return .convolveInputGradient(window, groups: attributes.int("groups"), .rowMajor)
    case .convolveWeightGradient:
      return .convolveWeightGradient(window, groups: attributes.int("groups"), .rowMajor)
    case .maxPool: return .maxPool(window, .rowMajor)
    case .maxPoolScatter: return .maxPoolScatter(window, .rowMajor)
    case .maxPoolGather: return .maxPoolGather(window, .rowMajor)
    case .meanPool: return .meanPool(window, .rowMajor)
    case .meanPoolGradient: return .meanPoolGradient(window, .rowMajor)
    case .map, .cast, .stopGradient, .broadcast, .reshape, .transpose, .slice, .reverse, .pad,
      .concatenate, .reduce, .indexOf, .matmul, .gather, .scatterAdd, .pick, .place, .random,
      .iota, .constant, .routine, .renewed:
      preconditionFailure("\(lowering) has no window")
    }
  }
}
