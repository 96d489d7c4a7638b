import DLMTensor

/// One kernel call before memory is assigned: it names terms, not buffers.
struct Call {
  /// A strided window on the memory of a term.
  struct Operand: Hashable {
    var term: Int
    var access: Access
  }

  var kernel: Kernel
  var operands: [Operand]
  var results: [Operand]
  var label: String
  /// The source line, where it is not that of the results.
  var line: Int?

  /// Stands for the term of an operand that is not read.
  static let nothing = -1
}

/// Turns the units of a fused draft into kernel calls, in an order in which assigned variables are
/// written after what reads their old values.
struct Emission {
  let fusion: Fusion
  let terms: Terms
  var calls: [Call] = []
  /// Terms that stand for numbers which a kernel wants to find in memory.
  var extraTerms: [Int: (value: Double, dims: [Int], type: ElementType)] = [:]

  /// - Parameters:
  ///   - outputs: terms that leave the plan.
  ///   - assignments: variables, by number, and the terms that they become.
  ///   - backend: what bodies of loops are planned for.
  init(
    _ fusion: Fusion, outputs: Set<Int>, assignments: [(variable: Int, term: Int)],
    for backend: any Backend
  ) throws {
    self.fusion = fusion
    terms = fusion.terms
    let assigned = Set(assignments.map(\.term))
    let parts = liveParts()
    let products = productsWithEpilogue(but: outputs.union(assigned), updates(assignments))
    let finished = Set(products.values)
    for unit in order(assigned) {
      if let product = products[unit] {
        emitProduct(product, into: unit)
      } else if case .loop(let loop) = terms[unit].action {
        try emitLoop(loop, unit, parts[unit] ?? [:], backend)
      } else if let parts = parts[unit], case .kernel(let kernel) = terms[unit].action {
        emitParts(kernel, unit, parts)
      } else if !finished.contains(unit) {
        emit(unit)
      }
    }
    mergeMaps(assigned: assigned)
    keepFactors(but: outputs.union(assigned))
    makeInPlace(but: outputs.union(assigned))
    dropUnread(but: outputs.union(assigned))
    calls = calls.updatingEarly(outputs: outputs, assignments, read: terms.variable)
    updateInProducts(but: outputs.union(assigned), assigned)
  }

  /// Units that depend on no assigned one first, then the others, each in the order of the terms.
  private func order(_ assigned: Set<Int>) -> [Int] {
    var late: Set<Int> = []
    for unit in fusion.units
    where assigned.contains(unit) || fusion.leaves[unit].contains(where: { late.contains($0) }) {
      late.insert(unit)
    }
    return fusion.units.filter { !late.contains($0) } + fusion.units.filter { late.contains($0) }
  }
}

// Single kernels.
extension Emission {
  private mutating func emit(_ unit: Int) {
    let term = terms[unit]
    switch term.action {
    case .copy, .map, .cast, .broadcast, .reshape, .transpose, .slice, .renewed, .variable,
      .constant:
      emitMap(of: unit, into: Call.Operand(term: unit, access: Access(dense: term.dims)))
    case .reduce(let reduction, let axes): emitReduce(reduction, axes, unit)
    case .pad(let low, let steps, let value): emitPad(low, steps, value, unit)
    case .concatenate(let axis): emitConcatenate(axis, unit)
    case .indexOf(let extremum, let axis):
      add(
        .indexOf(extremum, axis: axis), [term.operands[0]], unit,
        resultDims: kept([axis], term.operands[0]))
    case .matmul: add(.matmul(epilogue: nil), term.operands, unit)
    case .kernel(let kernel): add(kernel, term.operands, unit)
    case .loop, .part: break
    case .indexed(let kernel, _):
      let dims = term.indexedDims(terms)
      let operands = zip(term.operands, dims).map { operand, dims -> Call.Operand in
        var place = stored(operand)
        guard let access = place.access.reshaped(to: dims) else {
          preconditionFailure("fusion stores what strides cannot show")
        }
        place.access = access
        return place
      }
      let result = Access(dense: term.indexedResultDims(terms))
      calls.append(
        Call(
          kernel: kernel, operands: operands, results: [Call.Operand(term: unit, access: result)],
          label: label(unit)))
    }
  }

  private mutating func add(
    _ kernel: Kernel, _ operands: [Int], _ unit: Int, resultDims: [Int]? = nil
  ) {
    let operands = operands.map { stored($0) }
    let result = Call.Operand(
      term: unit, access: Access(dense: resultDims ?? terms[unit].dims))
    calls.append(Call(kernel: kernel, operands: operands, results: [result], label: label(unit)))
  }

  /// Where the elements of a kernel's operand are; a number is put into memory for it.
  mutating func stored(_ index: Int) -> Call.Operand {
    let base = fusion.base(index)
    if let value = terms.constant(base) {
      let number = terms.all.count + extraTerms.count
      let dims = terms[index].dims
      extraTerms[number] = (value, dims, terms[index].elementType)
      let place = Call.Operand(term: number, access: Access(dense: dims))
      let program = ScalarProgram(
        domain: terms[index].elementType.domain, inputCount: 0, steps: [.constant(value)],
        outputs: [0])
      calls.append(Call(kernel: .map(program), operands: [], results: [place], label: "fill"))
      return place
    }
    guard let access = fusion.access(index) else {
      preconditionFailure("fusion stores what strides cannot show")
    }
    return Call.Operand(term: base, access: access)
  }

  private mutating func emitMap(of unit: Int, into result: Call.Operand) {
    var builder = ProgramBuilder(fusion, domain: fusion.domains[unit] ?? .f32)
    let value = builder.value(ofUnit: unit)
    finishMap(builder, value, result, unit)
  }

  private mutating func finishMap(
    _ builder: ProgramBuilder, _ value: Int, _ result: Call.Operand, _ unit: Int
  ) {
    calls.append(
      Call(
        kernel: .map(builder.program(outputs: [value])), operands: builder.inputs,
        results: [result], label: label(unit)))
  }

  /// Dims of `operand` with length 1 on `axes`.
  private func kept(_ axes: [Int], _ operand: Int) -> [Int] {
    terms[operand].dims.enumerated().map { axes.contains($0) ? 1 : $1 }
  }

  private mutating func emitReduce(_ reduction: Reduction, _ axes: [Int], _ unit: Int) {
    let operand = terms[unit].operands[0]
    var builder = ProgramBuilder(fusion, domain: fusion.domains[unit] ?? .f32)
    let value = builder.value(of: operand, through: [])
    let result = Call.Operand(term: unit, access: Access(dense: kept(axes, operand)))
    calls.append(
      Call(
        kernel: .reduce(
          reduction, builder.program(outputs: [value], dims: terms[operand].dims), axes: axes),
        operands: builder.inputs(orZeroOf: terms[operand].dims), results: [result],
        label: label(unit)))
  }

  private mutating func emitPad(_ low: [Int], _ steps: [Int], _ value: Double, _ unit: Int) {
    let term = terms[unit]
    let whole = Call.Operand(term: unit, access: Access(dense: term.dims))
    let domain = fusion.domains[unit] ?? .f32
    let fill = ScalarProgram(
      domain: domain, inputCount: 0, steps: [.constant(value)], outputs: [0])
    calls.append(Call(kernel: .map(fill), operands: [], results: [whole], label: "pad"))
    let operand = term.operands[0]
    guard terms[operand].count > 0 else { return }
    var part = whole
    let strides = whole.access.strides
    part.access.dims = terms[operand].dims
    part.access.strides = zip(strides, steps).map { $0 * $1 }
    part.access.offset = zip(strides, low).reduce(0) { $0 + $1.0 * $1.1 }
    var builder = ProgramBuilder(fusion, domain: domain)
    let copied = builder.value(of: operand, through: [])
    finishMap(builder, copied, part, unit)
  }

  private mutating func emitConcatenate(_ axis: Int, _ unit: Int) {
    let term = terms[unit]
    let whole = Access(dense: term.dims)
    var start = 0
    for operand in term.operands {
      let dims = terms[operand].dims
      defer { start += dims[axis] }
      guard terms[operand].count > 0 else { continue }
      var part = whole
      part.dims = dims
      part.offset = start * whole.strides[axis]
      var builder = ProgramBuilder(fusion, domain: fusion.domains[unit] ?? .f32)
      let value = builder.value(of: operand, through: [])
      finishMap(builder, value, Call.Operand(term: unit, access: part), unit)
    }
  }
}

// Products with what follows them.
extension Emission {
  /// Of the terms that variables become, those that are made of the old value element by element: they are
  /// written in its place, so no product puts sums there first.
  private func updates(_ assignments: [(variable: Int, term: Int)]) -> Set<Int> {
    Set(
      assignments.filter { variable, term in
        fusion.leaves[term].contains { terms[$0].action == .variable(variable) }
      }.map(\.term))
  }

  /// For each root that is an epilogue of a product, the product; not those that are `wanted`
  /// themselves, and no `updates`.
  private func productsWithEpilogue(but wanted: Set<Int>, _ updates: Set<Int>) -> [Int: Int] {
    var products: [Int: Int] = [:]
    for unit in fusion.units
    where fusion.roles[unit] == .root && terms[unit].action.isElementwise && !updates.contains(unit)
    {
      guard fusion.domains[unit] == .f32, terms[unit].elementType == .f32 else { continue }
      let candidates = fusion.leaves[unit].filter {
        terms[$0].action.takesEpilogue && fusion.roles[$0] == .kernel
          && fusion.readers[$0] == [unit] && terms[$0].count == terms[unit].count
          && terms[$0].elementType == .f32 && !wanted.contains($0)
      }
      guard let product = candidates.first else { continue }
      var builder = ProgramBuilder(fusion, domain: .f32)
      _ = builder.value(ofUnit: unit)
      let reads = builder.inputs.filter { $0.term == product }
      if reads.count == 1, reads[0].access == Access(dense: terms[unit].dims),
        builder.inputs.seen(as: terms[product].dims, from: terms[unit].dims) != nil
      {
        products[unit] = product
      }
    }
    return products
  }

  private mutating func emitProduct(_ product: Int, into unit: Int) {
    var builder = ProgramBuilder(fusion, domain: .f32)
    // The product is register 0 of its epilogue.
    _ = builder.read(Call.Operand(term: product, access: Access(dense: terms[unit].dims)))
    let value = builder.value(ofUnit: unit)
    let program = builder.program(outputs: [value])
    let kernel: Kernel
    switch terms[product].action {
    case .kernel(.convolve(let window, let groups, let layout, _)):
      kernel = .convolve(window, groups: groups, layout, epilogue: program)
    default: kernel = .matmul(epilogue: program)
    }
    // What follows may have other dims than the product, if it has the elements in the same order.
    let dims = terms[product].dims
    guard let further = builder.inputs.seen(as: dims, from: terms[unit].dims) else {
      preconditionFailure("only what the product's dims can show becomes its epilogue")
    }
    let operands = terms[product].operands.map { stored($0) } + further.dropFirst()
    let result = Call.Operand(term: unit, access: Access(dense: dims))
    calls.append(
      Call(
        kernel: kernel, operands: operands, results: [result],
        label: "\(label(product)), \(label(unit))"))
  }

  /// What a profile calls a unit.
  func label(_ unit: Int) -> String { terms[unit].action.name }
}

extension [Call.Operand] {
  /// Operands of dims `old` under other dims for the same elements in the same order, if strides can
  /// say it; a number's worth of operands stays.
  func seen(as dims: [Int], from old: [Int]) -> [Call.Operand]? {
    if dims == old { return self }
    var result: [Call.Operand] = []
    for var operand in self {
      guard let access = operand.access.reshaped(to: dims) else { return nil }
      operand.access = access
      result.append(operand)
    }
    return result
  }
}
