import CDLMKernels
import DLMTensor

/// Part of an executable: steps in C, an instruction that has no kernel and is computed plainly, or a
/// loop around more of them.
enum Segment {
  case steps(UnsafePointer<dlm_step>, count: Int)
  case reference(Instruction, number: Int)
  case loop(LoopSegment)
}

/// A loop made ready; its body's memories are found anew at every place.
final class LoopSegment {
  let kernel: LoopKernel
  let operands: [View]
  let results: [View]
  /// Done once before the first place; then the body at each.
  let prologue: [Segment]
  let body: [Segment]
  fileprivate let bases: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  fileprivate let slots: UnsafeMutablePointer<UnsafeMutableRawPointer>

  init(
    _ kernel: LoopKernel, _ instruction: Instruction, prologue: [Segment], body: [Segment]
  ) {
    self.kernel = kernel
    (operands, results) = (instruction.operands, instruction.results)
    (self.prologue, self.body) = (prologue, body)
    bases = .allocate(capacity: Memory.firstSlot + kernel.body.slotCount)
    slots = .allocate(capacity: kernel.body.slotCount)
  }

  deinit {
    bases.deallocate()
    slots.deallocate()
  }
}

/// What a run hands from segment to segment.
struct RunContext {
  var run: dlm_run
  var slots: UnsafePointer<UnsafeMutableRawPointer>
  let pool: OpaquePointer
  let scratch: UnsafeMutablePointer<CChar>
  let scratchStride: Int
  let profile: RunProfile?
  /// Of the first instruction in the profile.
  let firstEntry: Int

  /// Runs segments in order; stops where an index is out of range, or where the run is cancelled.
  mutating func run(_ segments: [Segment], arena: UnsafeMutableRawPointer)
    throws(ExecutionError)
  {
    for index in segments.indices {
      switch segments[index] {
      case .steps(let steps, let count):
        if let profile {
          runApart(steps, count, profile)
        } else {
          dlm_run_steps(pool, steps, Int64(count), &run, scratch, Int64(scratchStride))
        }
      case .reference(let instruction, let number):
        if dlm_is_cancelled(&run) != 0 { return }
        let start = profile?.now ?? 0
        try Reference(arena: arena, slots: slots, seed: run.seed, counter: run.counter)
          .execute(instruction)
        profile?.record(firstEntry + number, since: start)
      case .loop(let loop): try self.run(loop, arena: arena)
      }
      if hasEnded { return }
    }
  }

  /// Whether an instruction has failed, or somebody wants no more.
  var hasEnded: Bool { run.failure.instruction >= 0 || run.cancelled != 0 }

  /// The steps of one instruction after the other, timed.
  private mutating func runApart(
    _ steps: UnsafePointer<dlm_step>, _ count: Int, _ profile: RunProfile
  ) {
    var first = 0
    while first < count {
      let number = steps[first].instruction
      var end = first + 1
      while end < count, steps[end].instruction == number { end += 1 }
      let start = profile.now
      dlm_run_steps(
        pool, steps + first, Int64(end - first), &run, scratch, Int64(scratchStride))
      profile.record(firstEntry + Int(number), since: start)
      if hasEnded { return }
      first = end
    }
  }

  private mutating func run(_ loop: LoopSegment, arena: UnsafeMutableRawPointer)
    throws(ExecutionError)
  {
    let (outerRun, outerSlots) = (run, slots)
    let memory = LoopMemory(
      loop.kernel, operands: loop.operands.map { ($0, start($0, arena)) },
      results: loop.results.map { ($0, start($0, arena)) })
    loop.bases[Memory.arena] = memory.arena.assumingMemoryBound(to: CChar.self)
    loop.bases[Memory.shared] = outerRun.bases[Memory.shared]
    loop.bases[Memory.held] = outerRun.bases[Memory.held]
    run.bases = UnsafePointer(loop.bases)
    slots = UnsafePointer(loop.slots)
    memory.begin()
    for count in 0..<loop.kernel.length {
      memory.fill(loop.slots, after: count)
      for slot in 0..<loop.kernel.body.slotCount {
        loop.bases[Memory.firstSlot + slot] = loop.slots[slot].assumingMemoryBound(to: CChar.self)
      }
      if count == 0 { try run(loop.prologue, arena: memory.arena) }
      try run(loop.body, arena: memory.arena)
      if hasEnded { break }
    }
    memory.finish()
    run.bases = outerRun.bases
    slots = outerSlots
  }

  /// Where a view begins.
  private func start(_ view: View, _ arena: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let inside = view.offset * view.elementType.byteCount
    return switch view.buffer {
    case .arena(let byteOffset): arena + byteOffset + inside
    case .slot(let slot): slots[slot] + inside
    }
  }
}
