import DLMTensor

// Recurrences: a kernel call that holds the schedule of its body.
extension Emission {
  /// For each loop, the terms that read its parts, by number.
  func liveParts() -> [Int: [Int: Int]] {
    var parts: [Int: [Int: Int]] = [:]
    for index in terms.all.indices where fusion.roles[index] == .kernel {
      if case .part(let number) = terms[index].action {
        parts[terms[index].operands[0], default: [:]][number] = index
      }
    }
    return parts
  }

  /// Calls the kernel of a loop; what nobody reads is left out of its body.
  mutating func emitLoop(
    _ loop: Loop, _ unit: Int, _ parts: [Int: Int], _ backend: any Backend
  ) throws {
    let count = loop.carriedCount
    let emitted = loop.emissions.indices.filter { parts[count + $0] != nil }
    var body = loop.body
    body.outputs = loop.next + emitted.map { loop.body.outputs[$0] }
    let draft = LayoutPass.apply(to: Draft(body), for: backend).named()
    let kernel = LoopKernel(
      body: try Scheduler(draft, for: backend).schedule(), roles: loop.roles, length: loop.length,
      isReversed: loop.isReversed, keepsHistory: (0..<count).map { parts[count + $0] != nil },
      keepsLast: (0..<count).map { parts[$0] != nil },
      carriedByteCounts: try loop.next.map { next in
        try loop.body[next].shape.checkedByteCount(of: loop.body[next].elementType)
      })
    let workspace = terms.all.count + extraTerms.count
    extraTerms[workspace] = (0, [kernel.workspace.byteCount], .u8)
    let wanted = (0..<count).map { count + $0 } + Array(0..<count) + emitted.map { count + $0 }
    let results = wanted.compactMap { parts[$0] }.map {
      Call.Operand(term: $0, access: Access(dense: terms[$0].dims))
    }
    let operands = terms[unit].operands.map { stored($0) }
    calls.append(
      Call(
        kernel: .loop(kernel), operands: operands,
        results: results + [
          Call.Operand(term: workspace, access: Access(dense: [kernel.workspace.byteCount]))
        ], label: label(unit)))
  }
}
