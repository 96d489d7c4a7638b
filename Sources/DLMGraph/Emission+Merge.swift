import DLMTensor

// Maps over the same elements become one, and part of the product that they follow; so do reductions.
extension Emission {
  /// How many calls may lie between two maps that become one: an optimizer computes a number or two
  /// between what it keeps of gradients and what it makes of parameters.
  private static let mergeReach = 4

  /// - Parameter assigned: terms that variables become: they lie where their old values are read, so no
  ///   product puts sums there first.
  mutating func mergeMaps(assigned: Set<Int>) {
    var count = 0
    // What has become one with its neighbour may now have something in common with others.
    while count != calls.count {
      count = calls.count
      var merged: [Call] = []
      for call in calls where !join(call, to: &merged, assigned) { merged.append(call) }
      calls = merged
    }
  }

  /// Makes `call` and an earlier one one call, in the place of whichever the calls between allow.
  private func join(_ call: Call, to merged: inout [Call], _ assigned: Set<Int>) -> Bool {
    guard call.kernel.isMap || call.kernel.isReduction else { return false }
    let isUpdate = call.results.contains { assigned.contains($0.term) }
    for index in merged.indices.suffix(Self.mergeReach).reversed()
    where !isUpdate || merged[index].kernel.isMap && call.sharesWork(with: merged[index]) {
      guard let both = merged[index].merged(with: call, storesExactly: storesExactly) else {
        continue
      }
      let between = merged[(index + 1)...]
      if between.allSatisfy(call.mayFollow) {
        merged[index] = both
        return true
      }
      if between.allSatisfy(merged[index].mayFollow) {
        merged.remove(at: index)
        merged.append(both)
        return true
      }
    }
    return false
  }

  /// Elements from which on a gradient is better not stored: smaller ones stay in a cache until they are used.
  private static let largeGradient = 1 << 20

  /// Makes updates parts of the products whose gradients, large ones, they alone read.
  ///
  /// - Parameter wanted: terms that leave the plan or are assigned.
  mutating func updateInProducts(but wanted: Set<Int>, _ assigned: Set<Int>) {
    var readers: [Int: Int] = [:]
    for call in calls { for operand in call.operands { readers[operand.term, default: 0] += 1 } }
    // By the terms of their only results, the products so far.
    var products: [Int: Int] = [:]
    for (number, call) in calls.enumerated() {
      if case .matmul = call.kernel, call.results.count == 1,
        terms[call.results[0].term].count >= Self.largeGradient
      {
        products[call.results[0].term] = number
      }
      guard call.results.contains(where: { assigned.contains($0.term) }),
        let gradient = call.operands.first(where: {
          products[$0.term] != nil && readers[$0.term] == 1 && !wanted.contains($0.term)
        })?.term,
        let product = products[gradient],
        var both = calls[product].merged(with: call, storesExactly: storesExactly),
        var program = both.kernel.program
      else { continue }
      both.results.removeFirst()
      program.outputs.removeFirst()
      both.kernel = both.kernel.with(program)
      both.line = terms.lines[gradient]
      calls[number] = both
      calls[product].results = []
    }
    calls.removeAll { $0.results.isEmpty }
  }

  /// Whether reading a result of `domain` back from the memory of `term` gives the same number.
  private func storesExactly(_ term: Int, _ domain: ElementType) -> Bool {
    terms[term].elementType == domain || terms[term].elementType == .bool
  }

  /// Forgets results that, after merging, nothing reads but the call that makes them.
  mutating func dropUnread(but wanted: Set<Int>) {
    let read = Set(calls.flatMap { $0.operands.map(\.term) })
    for index in calls.indices {
      let call = calls[index]
      guard var program = call.kernel.program, call.results.count > 1 else { continue }
      var kept = call.results.indices.filter {
        wanted.contains(call.results[$0].term) || read.contains(call.results[$0].term)
      }
      guard kept.count < call.results.count, !kept.isEmpty else { continue }
      if call.kernel.takesEpilogue {
        // Sums lie where the first result will.
        guard let first = kept.firstIndex(where: { holdsSums(call.results[$0]) }) else { continue }
        kept.swapAt(0, first)
      }
      program.outputs = kept.map { program.outputs[$0] }
      calls[index].results = kept.map { call.results[$0] }
      calls[index].kernel = call.kernel.with(program)
    }
  }

  private func holdsSums(_ result: Call.Operand) -> Bool {
    terms[result.term].elementType == .f32 && result.access.isDense
  }
}

extension Call {
  /// Whether it may be done after `other` instead of before it.
  fileprivate func mayFollow(_ other: Call) -> Bool {
    let written = Set(results.map(\.term))
    let otherWritten = Set(other.results.map(\.term))
    return written.isDisjoint(with: otherWritten)
      && !other.operands.contains { written.contains($0.term) }
      && !operands.contains { otherWritten.contains($0.term) }
  }

  /// Whether it reads what `other` reads or writes, or has so few elements that a call of its own would cost
  /// more than they do. Updates that share nothing would only wait for each other's gradients.
  fileprivate func sharesWork(with other: Call) -> Bool {
    let isSmall = results[0].access.dims.reduce(1, *) <= 1 << 12
    return isSmall
      || operands.contains { operand in
        operand.access.strides.contains { $0 != 0 }
          && (other.operands.contains(operand) || other.results.contains(operand))
      }
  }

  /// This call and the next, a map, as one with more results, if they go over the same elements in the
  /// same order and the next reads what this one writes only at the same place.
  ///
  /// - Parameter storesExactly: whether a term in memory holds all of a number of a domain.
  fileprivate func merged(with next: Call, storesExactly: (Int, ElementType) -> Bool) -> Call? {
    if case .map(let program) = kernel { return merged(program, with: next, storesExactly) }
    if case .reduce(let reduction, let program, let axes) = kernel {
      return merged(reduction, program, axes, with: next)
    }
    // The sums of a product are the first operand of its epilogue.
    guard kernel.takesEpilogue, results[0].access.isDense,
      let next = next.seen(as: results[0].access.dims),
      next.operands.contains(where: results.contains)
    else { return nil }
    let sums = Operand(term: .min, access: results[0].access)
    var ending = self
    ending.operands = [sums] + operands.dropFirst(2)
    guard
      var both = ending.merged(
        kernel.program ?? .copy(domain: .f32), with: next, storesExactly),
      let program = both.kernel.program
    else { return nil }
    both.kernel = kernel.with(program)
    both.operands = Array(operands.prefix(2)) + both.operands.dropFirst()
    return both
  }

  /// This reduction and the next as one with more results, if they read something in common.
  private func merged(
    _ reduction: Reduction, _ program: ScalarProgram, _ axes: [Int], with next: Call
  ) -> Call? {
    guard case .reduce(reduction, let other, axes) = next.kernel,
      results.count + next.results.count <= Fusion.outputLimit,
      operands[0].access.dims == next.operands[0].access.dims,
      operands.contains(where: next.operands.contains),
      !next.operands.contains(where: { operand in results.contains { $0.term == operand.term } })
    else { return nil }
    var map = next
    map.kernel = .map(other)
    guard var both = merged(program, with: map, { _, _ in true }), case .map(let all) = both.kernel
    else { return nil }
    both.kernel = .reduce(reduction, all, axes: axes)
    return both
  }

  /// The same call over other dims for the same elements in the same order, if strides can say it.
  private func seen(as dims: [Int]) -> Call? {
    let old = results[0].access.dims
    guard dims.reduce(1, *) == old.reduce(1, *), let operands = operands.seen(as: dims, from: old),
      let results = results.seen(as: dims, from: old)
    else { return nil }
    var call = self
    (call.operands, call.results) = (operands, results)
    return call
  }

  /// - Parameter a: the program of this call over its operands.
  private func merged(
    _ a: ScalarProgram, with next: Call, _ storesExactly: (Int, ElementType) -> Bool
  ) -> Call? {
    guard case .map(let b) = next.kernel, a.domain == b.domain,
      results[0].access.dims == next.results[0].access.dims, a.inputCount > 0, b.inputCount > 0
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
    guard
      !operands.contains(where: { nextWritten.contains($0.term) && !next.results.contains($0) })
    else { return nil }
    // What is read once instead of twice is worth more streams at a time.
    let common = next.operands.count + operands.count - inputs.count
    let room = common > 0 ? 2 : 1
    guard inputs.count <= room * Fusion.inputLimit,
      results.count + next.results.count <= room * Fusion.outputLimit,
      a.steps.count + b.steps.count <= room * Fusion.stepLimit
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
      outputs: outputs + b.outputs.map(second)
    ).withoutRepeats
    return Call(
      kernel: .map(program), operands: inputs, results: results + next.results,
      label: "\(label), \(next.label)")
  }
}

extension Kernel {
  /// What a map does, or what follows a product.
  var program: ScalarProgram? {
    switch self {
    case .map(let program): program
    case .matmul(let epilogue), .convolve(_, _, _, let epilogue): epilogue
    default: nil
    }
  }

  var isMap: Bool { if case .map = self { true } else { false } }
  var isReduction: Bool { if case .reduce = self { true } else { false } }

  var takesEpilogue: Bool {
    switch self {
    case .matmul, .convolve: true
    default: false
    }
  }

  /// The same kernel with another program.
  func with(_ program: ScalarProgram) -> Kernel {
    switch self {
    case .map: .map(program)
    case .matmul: .matmul(epilogue: program)
    case .convolve(let window, let groups, let layout, _):
      .convolve(window, groups: groups, layout, epilogue: program)
    default: self
    }
  }
}

extension ScalarProgram {
  /// The same program in which no step computes what another has computed.
  var withoutRepeats: ScalarProgram {
    var known: [Step: Int] = [:]
    // By their bits: 0 and -0 are equal and not the same.
    var constants: [UInt64: Int] = [:]
    var numbers = Array(0..<inputCount)
    var kept: [Step] = []
    for step in steps {
      let step = step.renumbered { numbers[$0] }
      let register: Int? =
        if case .constant(let value) = step { constants[value.bitPattern] } else { known[step] }
      if let register {
        numbers.append(register)
        continue
      }
      if case .constant(let value) = step {
        constants[value.bitPattern] = inputCount + kept.count
      } else {
        known[step] = inputCount + kept.count
      }
      numbers.append(inputCount + kept.count)
      kept.append(step)
    }
    return ScalarProgram(
      domain: domain, inputCount: inputCount, steps: kept, outputs: outputs.map { numbers[$0] })
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
