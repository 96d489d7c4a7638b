extension Reference {
  /// Runs the body of a loop once for each place.
  func loop(_ kernel: LoopKernel, _ operands: [Elements], _ results: [Elements])
    throws(ExecutionError)
  {
    let memory = LoopMemory(
      kernel, operands: operands.map { ($0.view, $0.start) },
      results: results.map { ($0.view, $0.start) })
    memory.begin()
    let inner = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(
      capacity: kernel.body.slotCount)
    defer { inner.deallocate() }
    for count in 0..<kernel.length {
      memory.fill(inner, after: count)
      let run = Reference(
        arena: memory.arena, slots: UnsafePointer(inner), seed: seed, counter: counter)
      for instruction in kernel.body.instructions { try run.execute(instruction) }
    }
    memory.finish()
  }
}

extension Elements {
  /// Where the first element lies.
  fileprivate var start: UnsafeMutableRawPointer {
    base + view.offset * view.elementType.byteCount
  }
}
