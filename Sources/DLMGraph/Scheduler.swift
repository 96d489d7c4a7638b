import DLMTensor

/// Gives terms their places and kernel calls their views.
struct Scheduler {
  private let draft: Draft
  private let fusion: Fusion
  private let emission: Emission
  /// The slot that a term is written to.
  private var targets: [Int: Int] = [:]
  /// Slots that are written at the end, from what lies in the arena.
  private var copies: [(term: Int, slot: Int)] = []

  /// - Throws: `SizeError` where something is too large to be addressed.
  init(_ draft: Draft, for backend: any Backend) throws {
    self.draft = draft
    fusion = Fusion(draft)
    emission = try Emission(
      fusion, outputs: Set(draft.outputs), assignments: draft.assignments, for: backend)
    for (index, term) in draft.outputs.enumerated() {
      targets[term] = draft.inputTypes.count + index
    }
    let times = CallTimes(emission.calls, draft.terms)
    for (variable, term) in draft.assignments {
      if isSafe(variable, term, times) {
        targets[term] = variable
      } else {
        copies.append((term, variable))
      }
    }
  }

  /// Whether `term` may be written straight to `variable`: nothing reads the old value later, nor, but
  /// at the same place, in the call that writes.
  private func isSafe(_ variable: Int, _ term: Int, _ times: CallTimes) -> Bool {
    guard let writer = times.writers[term], writer.lowerBound == writer.upperBound else {
      return false
    }
    let call = emission.calls[writer.lowerBound]
    guard let result = call.results.first(where: { $0.term == term }), result.access.isDense else {
      return false
    }
    let reads = call.operands.indices.filter {
      draft.terms.variable(call.operands[$0].term) == variable
    }
    guard
      reads.allSatisfy({
        call.kernel.mayReplace($0) && call.operands[$0].access == result.access
      })
    else { return false }
    return times.lastReads[variable, default: -1] <= writer.lowerBound
  }

  /// - Parameter isRepeated: whether the arena stays as it is from one run to the next.
  func schedule(isRepeated: Bool = true) throws -> Schedule {
    var calls = emission.calls
    for copy in copies {
      let dims = dims(copy.term)
      let access = Access(dense: dims)
      calls.append(
        Call(
          kernel: .map(.copy(domain: type(copy.term).domain)),
          operands: [Call.Operand(term: copy.term, access: access)],
          results: [Call.Operand(term: Scheduler.slotMark - copy.slot, access: access)],
          label: "assign"))
    }
    var (arena, fixedCount) = (try layout(calls), 0)
    if isRepeated, let keeping = try keepingFixed(calls, besides: arena.byteCount) {
      (calls, arena, fixedCount) = keeping
    }
    let instructions = calls.map { call in
      Instruction(
        call.kernel, operands: call.operands.map { view($0, arena) },
        results: call.results.map { view($0, arena) }, label: call.label,
        line: call.line ?? call.results.lazy.map { line($0.term) }.first { $0 > 0 } ?? 0)
    }
    return Schedule(
      instructions: instructions, arenaByteCount: arena.byteCount,
      slotCount: draft.inputTypes.count + draft.outputs.count, fixedCount: fixedCount)
  }

  private func layout(_ calls: [Call], kept: Set<Int> = []) throws -> ArenaLayout {
    try ArenaLayout(calls, kept: kept, needsPlace: { buffer($0) == nil }) { term in
      try Shape(dims(term)).checkedByteCount(of: type(term))
    }
  }

  /// The calls with those that only the first run needs at the front, so many, and a layout that keeps their
  /// results; nil where there are none, or where the arena would grow by much.
  private func keepingFixed(_ calls: [Call], besides byteCount: Int) throws
    -> (calls: [Call], arena: ArenaLayout, count: Int)?
  {
    let fixed = FixedCalls(calls) { $0 > Scheduler.slotMark && buffer($0) == nil }
    guard !fixed.numbers.isEmpty else { return nil }
    let first = Set(fixed.numbers)
    let rest = calls.indices.filter { !first.contains($0) }
    let sorted = (fixed.numbers + rest).map { calls[$0] }
    let arena = try layout(sorted, kept: fixed.kept)
    let limit = byteCount + byteCount / 16 + (1 << 16)
    return arena.byteCount <= limit ? (sorted, arena, fixed.numbers.count) : nil
  }

  /// Numbers below it stand for slots that a copy at the end writes.
  private static let slotMark = -2

  private func view(_ operand: Call.Operand, _ arena: ArenaLayout) -> View {
    var strides = operand.access.strides
    if operand.term == Call.nothing { strides = strides.map { _ in 0 } }
    let place = buffer(operand.term) ?? .arena(byteOffset: arena.offsets[operand.term] ?? 0)
    return View(
      place, type(operand.term), offset: operand.access.offset, dims: operand.access.dims,
      strides: strides)
  }

  /// Where a term lies if not in the arena.
  private func buffer(_ term: Int) -> Buffer? {
    if term <= Scheduler.slotMark { return .slot(Scheduler.slotMark - term) }
    if let slot = targets[term] { return .slot(slot) }
    return draft.terms.variable(term).map { .slot($0) }
  }

  private func line(_ term: Int) -> Int {
    draft.terms.lines.indices.contains(term) ? draft.terms.lines[term] : 0
  }

  private func type(_ term: Int) -> ElementType {
    if term <= Scheduler.slotMark {
      return draft.inputTypes[Scheduler.slotMark - term]
    }
    if term == Call.nothing { return .f32 }
    return emission.extraTerms[term]?.type ?? draft.terms[term].elementType
  }

  private func dims(_ term: Int) -> [Int] {
    emission.extraTerms[term]?.dims ?? draft.terms[term].dims
  }
}

/// When terms are written and variables are read, by the numbers of the calls.
private struct CallTimes {
  /// The first and the last call that writes a term.
  private(set) var writers: [Int: ClosedRange<Int>] = [:]
  /// The last call that reads a variable as it was before the run.
  private(set) var lastReads: [Int: Int] = [:]

  init(_ calls: [Call], _ terms: Terms) {
    for (time, call) in calls.enumerated() {
      for result in call.results {
        writers[result.term] = (writers[result.term]?.lowerBound ?? time)...time
      }
      for operand in call.operands {
        if let number = terms.variable(operand.term) { lastReads[number] = time }
      }
    }
  }
}

extension Kernel {
  /// Whether a result may lie where operand `number` lies, if it is read in the same order.
  fileprivate func mayReplace(_ number: Int) -> Bool {
    switch self {
    case .map: true
    case .matmul: number > 1
    default: false
    }
  }
}

extension Draft {
  /// Terms of `graph` as they are to be computed by `backend`.
  init(planning graph: Graph, for backend: any Backend) {
    self = LayoutPass.apply(to: AttentionPass.apply(to: Draft(graph)), for: backend).named()
  }

  /// The same draft in which every output and assignment has a term of its own that a kernel writes.
  private func named() -> Draft {
    var result = self
    var taken: Set<Int> = []
    func own(_ term: Int) -> Int {
      var term = term
      while taken.contains(term) || !result.terms[term].action.isWritten {
        let old = result.terms[term]
        term = result.terms.add(Term(.copy, [term], old.dims, old.elementType))
      }
      taken.insert(term)
      return term
    }
    result.outputs = outputs.map(own)
    result.assignments = assignments.map { ($0.variable, own($0.term)) }
    return result
  }
}

extension Action {
  /// Whether a kernel writes it to memory of its own.
  fileprivate var isWritten: Bool {
    switch self {
    case .variable, .constant, .broadcast, .reshape, .transpose, .slice, .renewed: false
    case .copy, .map, .cast, .pad, .concatenate, .reduce, .indexOf, .matmul, .kernel, .indexed,
      .loop,
      .part:
      true
    }
  }
}
