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
  ///   - assigned: terms that variables become.
  ///   - backend: what bodies of loops are planned for.
  init(_ fusion: Fusion, outputs: Set<Int>, assigned: Set<Int>, for backend: any Backend) throws {
    self.fusion = fusion
    terms = fusion.terms
    let parts = liveParts()
    let products = productsWithEpilogue(but: outputs.union(assigned))
    for unit in order(assigned) {
      if let product = products[unit] {
        emitProduct(product, into: unit)
      } else if case .loop(let loop) = terms[unit].action {
        try emitLoop(loop, unit, parts[unit] ?? [:], backend)
      } else if !products.values.contains(unit) {
        emit(unit)
      }
    }
    mergeMaps()
    dropUnread(but: outputs.union(assigned))
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
  /// For each root that is an epilogue of a product, the product; not those that are `wanted`
  /// themselves.
  private func productsWithEpilogue(but wanted: Set<Int>) -> [Int: Int] {
    var products: [Int: Int] = [:]
    for unit in fusion.units where fusion.roles[unit] == .root && terms[unit].action.isElementwise {
      guard fusion.domains[unit] == .f32, terms[unit].elementType == .f32 else { continue }
      let candidates = fusion.leaves[unit].filter {
        terms[$0].action.takesEpilogue && fusion.roles[$0] == .kernel
          && fusion.readers[$0] == [unit] && terms[$0].dims == terms[unit].dims
          && terms[$0].elementType == .f32 && !wanted.contains($0)
      }
      guard let product = candidates.first else { continue }
      var builder = ProgramBuilder(fusion, domain: .f32)
      _ = builder.value(ofUnit: unit)
      let reads = builder.inputs.filter { $0.term == product }
      if reads.count == 1, reads[0].access == Access(dense: terms[unit].dims) {
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
    let operands = terms[product].operands.map { stored($0) } + builder.inputs.dropFirst()
    let result = Call.Operand(term: unit, access: Access(dense: terms[unit].dims))
    calls.append(
      Call(
        kernel: kernel, operands: operands, results: [result],
        label: "\(label(product)), \(label(unit))"))
  }

  /// What a profile calls a unit.
  func label(_ unit: Int) -> String { terms[unit].action.name }
}

// Maps over the same elements become one.
extension Emission {
  private mutating func mergeMaps() {
    var merged: [Call] = []
    for call in calls {
      if let last = merged.last, let both = last.merged(with: call, storesExactly: storesExactly) {
        merged[merged.count - 1] = both
      } else {
        merged.append(call)
      }
    }
    calls = merged
  }

  /// Whether reading a result of `domain` back from the memory of `term` gives the same number.
  private func storesExactly(_ term: Int, _ domain: ElementType) -> Bool {
    terms[term].elementType == domain || terms[term].elementType == .bool
  }

  /// Forgets results that, after merging, nothing reads but the map that makes them.
  private mutating func dropUnread(but wanted: Set<Int>) {
    let read = Set(calls.flatMap { $0.operands.map(\.term) })
    for index in calls.indices {
      guard case .map(var program) = calls[index].kernel, calls[index].results.count > 1 else {
        continue
      }
      let kept = calls[index].results.indices.filter {
        let term = calls[index].results[$0].term
        return wanted.contains(term) || read.contains(term)
      }
      guard kept.count < calls[index].results.count, !kept.isEmpty else { continue }
      program.outputs = kept.map { program.outputs[$0] }
      calls[index].results = kept.map { calls[index].results[$0] }
      calls[index].kernel = .map(program)
    }
  }
}

extension Call {
  /// This map and the next as one with more results, if they go over the same elements in the same
  /// order and the next reads what this one writes only at the same place.
  ///
  /// - Parameter storesExactly: whether a term in memory holds all of a number of a domain.
  fileprivate func merged(with next: Call, storesExactly: (Int, ElementType) -> Bool) -> Call? {
    guard case .map(let a) = kernel, case .map(let b) = next.kernel, a.domain == b.domain,
      results[0].access.dims == next.results[0].access.dims,
      results.count + next.results.count <= Fusion.outputLimit,
      a.steps.count + b.steps.count <= Fusion.stepLimit, a.inputCount > 0, b.inputCount > 0
    else { return nil }
    let written = Set(results.map(\.term))
    var inputs = operands
    var places: [Int?] = []
    for operand in next.operands {
      if written.contains(operand.term) {
        guard results.contains(operand), storesExactly(operand.term, a.domain) else { return nil }
        places.append(nil)
        continue
      }
      if let known = inputs.firstIndex(of: operand) {
        places.append(known)
      } else {
        inputs.append(operand)
        places.append(inputs.count - 1)
      }
    }
    // A result that the first reads elsewhere must not be overwritten by the second.
    let nextWritten = Set(next.results.map(\.term))
    guard inputs.count <= Fusion.inputLimit,
      !operands.contains(where: { nextWritten.contains($0.term) && !next.results.contains($0) })
    else { return nil }
    let shift = inputs.count - a.inputCount
    func first(_ register: Int) -> Int { register < a.inputCount ? register : register + shift }
    var steps = a.steps.map { $0.renumbered(first) }
    let outputs = a.outputs.map(first)
    let base = inputs.count + steps.count
    func second(_ register: Int) -> Int {
      guard register < b.inputCount else { return base + register - b.inputCount }
      if let place = places[register] { return place }
      let result = results.firstIndex(of: next.operands[register]) ?? 0
      return outputs[result]
    }
    steps += b.steps.map { $0.renumbered(second) }
    let program = ScalarProgram(
      domain: a.domain, inputCount: inputs.count, steps: steps,
      outputs: outputs + b.outputs.map(second))
    return Call(
      kernel: .map(program), operands: inputs, results: results + next.results,
      label: "\(label), \(next.label)")
  }
}

extension ScalarProgram.Step {
  fileprivate func renumbered(_ number: (Int) -> Int) -> ScalarProgram.Step {
    switch self {
    case .constant: self
    case .apply(let function, let operands): .apply(function, operands.map(number))
    }
  }
}
