import DLMTensor

// Maps over the same elements become one.
extension Emission {
  /// How many calls may lie between two maps that become one: an optimizer computes a number or two
  /// between what it keeps of gradients and what it makes of parameters.
  private static let mergeReach = 4

  mutating func mergeMaps() {
    var merged: [Call] = []
    for call in calls { merged.append(takePartner(of: call, from: &merged) ?? call) }
    calls = merged
  }

  /// `call` and an earlier one that it becomes one with, which is removed from `merged`.
  private func takePartner(of call: Call, from merged: inout [Call]) -> Call? {
    guard case .map = call.kernel else { return nil }
    for index in merged.indices.suffix(Self.mergeReach).reversed() {
      guard let both = merged[index].merged(with: call, storesExactly: storesExactly),
        merged[(index + 1)...].allSatisfy({ merged[index].mayFollow($0) })
      else { continue }
      merged.remove(at: index)
      return both
    }
    return nil
  }

  /// Whether reading a result of `domain` back from the memory of `term` gives the same number.
  private func storesExactly(_ term: Int, _ domain: ElementType) -> Bool {
    terms[term].elementType == domain || terms[term].elementType == .bool
  }

  /// Forgets results that, after merging, nothing reads but the map that makes them.
  mutating func dropUnread(but wanted: Set<Int>) {
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
  /// Whether it may be done after `other` instead of before it.
  fileprivate func mayFollow(_ other: Call) -> Bool {
    let written = Set(results.map(\.term))
    let otherWritten = Set(other.results.map(\.term))
    return written.isDisjoint(with: otherWritten)
      && !other.operands.contains { written.contains($0.term) }
      && !operands.contains { otherWritten.contains($0.term) }
  }

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
      outputs: outputs + b.outputs.map(second)
    ).withoutRepeats
    return Call(
      kernel: .map(program), operands: inputs, results: results + next.results,
      label: "\(label), \(next.label)")
  }
}

extension ScalarProgram {
  /// The same program in which no step computes what another has computed.
  fileprivate var withoutRepeats: ScalarProgram {
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
