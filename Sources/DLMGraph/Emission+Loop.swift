import DLMTensor

// Kernels with several results, each a part.
extension Emission {
  /// For each of them, the terms that read its parts, by number.
  func liveParts() -> [Int: [Int: Int]] {
    var parts: [Int: [Int: Int]] = [:]
    for index in terms.all.indices where fusion.roles[index] == .kernel {
      if case .part(let number) = terms[index].action {
        parts[terms[index].operands[0], default: [:]][number] = index
      }
    }
    return parts
  }

  /// Calls the kernel of attention, or of its gradients; what nobody reads is written beside the rest.
  mutating func emitParts(_ kernel: Kernel, _ unit: Int, _ parts: [Int: Int]) {
    let operands = terms[unit].operands.map { stored($0) }
    let dims = operands.map(\.access.dims)
    let rows = Array(dims[0].dropLast())
    let results: [Call.Operand]
    if case .attention = kernel {
      results = [
        result(parts[0], dims: rows + dims[2].suffix(1), headsInside: true),
        result(parts[1], dims: rows + [2], headsInside: false),
      ]
    } else {
      results = (0..<3).map { result(parts[$0], dims: dims[$0], headsInside: true) }
    }
    calls.append(Call(kernel: kernel, operands: operands, results: results, label: label(unit)))
  }

  /// Where a kernel writes a part of dims `[..., heads, rows, columns]`; heads lie inside rows there, or
  /// outside as the dims say.
  private mutating func result(_ part: Int?, dims: [Int], headsInside: Bool) -> Call.Operand {
    guard let part else {
      let number = terms.all.count + extraTerms.count
      extraTerms[number] = (0, dims, .f32)
      return Call.Operand(term: number, access: Access(dense: dims))
    }
    var access = Access(dense: terms[part].dims)
    if headsInside, dims.count > 3 {
      access.dims = dims
      access.strides.swapAt(dims.count - 3, dims.count - 2)
    }
    return Call.Operand(term: part, access: access)
  }

  /// Calls the kernel of a loop; what nobody reads is left out of its body.
  mutating func emitLoop(
    _ loop: Loop, _ unit: Int, _ parts: [Int: Int], _ backend: any Backend
  ) throws {
    let count = loop.carriedCount
    let emitted = loop.emissions.indices.filter { parts[count + $0] != nil }
    var body = loop.body
    body.outputs = loop.next + emitted.map { loop.body.outputs[$0] }
    let draft = Draft(planning: body, for: backend)
    let kernel = LoopKernel(
      body: try Scheduler(draft, for: backend).schedule(isRepeated: false), roles: loop.roles,
      length: loop.length,
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
