import CDLMKernels
import DLMTensor

/// A schedule as arrays of C steps, with all the memory that they need.
final class CPUExecutable: Executable {
  private let pool: ThreadPool
  /// To be run once.
  private let fixedSegments: [Segment]
  private let segments: [Segment]
  private var isBegun = false
  private let calls: [(label: String, line: Int)]
  private let arguments: ArgumentMemory
  private let arena: Storage
  private let scratch: Storage
  private let scratchStride: Int
  private let shared: Storage
  private let held: Storage
  private let bases: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let slotCount: Int
  private var firstEntry = 0
  private var asker: Asker?
  var isCancelled: (@Sendable () -> Bool)? {
    get { asker?.wantsEnd }
    set { asker = newValue.map(Asker.init) }
  }
  var profile: RunProfile? {
    didSet { firstEntry = profile?.add(calls) ?? 0 }
  }

  init(_ schedule: Schedule, for backend: CPUBackend) throws(SizeError) {
    var preparation = Preparation(backend)
    for instruction in schedule.instructions.prefix(schedule.fixedCount) {
      preparation.add(instruction)
    }
    preparation.finish()
    let fixedCount = preparation.segments.count
    for instruction in schedule.instructions.dropFirst(schedule.fixedCount) {
      preparation.add(instruction)
    }
    preparation.finish()
    pool = backend.pool
    fixedSegments = Array(preparation.segments.prefix(fixedCount))
    segments = Array(preparation.segments.dropFirst(fixedCount))
    calls = preparation.calls
    arguments = preparation.arguments
    scratchStride = (preparation.scratchByteCount + 4095) & ~4095
    arena = try Storage(bytes: schedule.arenaByteCount)
    scratch = try Storage(bytes: scratchStride * backend.pool.threads)
    shared = try Storage(bytes: preparation.sharedByteCount)
    held = try Storage(bytes: preparation.heldByteCount)
    slotCount = schedule.slotCount
    bases = .allocate(capacity: Memory.firstSlot + slotCount)
    bases[Memory.arena] = arena.pointer.assumingMemoryBound(to: CChar.self)
    bases[Memory.shared] = shared.pointer.assumingMemoryBound(to: CChar.self)
    bases[Memory.held] = held.pointer.assumingMemoryBound(to: CChar.self)
  }

  deinit { bases.deallocate() }

  func run(slots: UnsafePointer<UnsafeMutableRawPointer>, seed: UInt64, counter: UInt64)
    throws(ExecutionError)
  {
    for slot in 0..<slotCount {
      bases[Memory.firstSlot + slot] = slots[slot].assumingMemoryBound(to: CChar.self)
    }
    var context = RunContext(
      run: dlm_run(
        bases: bases, seed: seed, counter: counter,
        failure: dlm_failure(
          index: 0, count: 0, position: 0, instruction: -1, kind: dlm_index_out_of_range),
        wants_end: asker == nil ? nil : Asker.ask,
        asker: asker.map { Unmanaged.passUnretained($0).toOpaque() }, cancelled: 0),
      slots: slots, pool: pool.pointer,
      scratch: scratch.pointer.assumingMemoryBound(to: CChar.self), scratchStride: scratchStride,
      profile: profile, firstEntry: firstEntry)
    if !isBegun { try context.run(fixedSegments, arena: arena.pointer) }
    if !context.hasEnded {
      isBegun = true
      try context.run(segments, arena: arena.pointer)
    }
    // What a kernel has failed with after it gave up says nothing.
    if context.run.cancelled != 0 { throw .cancelled }
    if context.run.failure.instruction >= 0 { throw error(context.run.failure) }
  }

  private func error(_ failure: dlm_failure) -> ExecutionError {
    let position = Int(failure.position)
    let label = calls[Int(failure.instruction)].label
    return switch failure.kind {
    case dlm_singular: .singular(position: position, label: label)
    case dlm_not_positive_definite: .notPositiveDefinite(position: position, label: label)
    default:
      .indexOutOfRange(
        index: Int(failure.index), count: Int(failure.count), position: position, label: label)
    }
  }
}

/// A question that C asks from any of the threads.
private final class Asker: Sendable {
  let wantsEnd: @Sendable () -> Bool

  init(_ wantsEnd: @escaping @Sendable () -> Bool) { self.wantsEnd = wantsEnd }

  static let ask: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { asker in
    guard let asker else { return 0 }
    return Unmanaged<Asker>.fromOpaque(asker).takeUnretainedValue().wantsEnd() ? 1 : 0
  }
}

extension Storage {
  fileprivate convenience init(bytes: Int) throws(SizeError) {
    try self.init(byteCount: bytes, for: [bytes], of: .u8)
  }
}

/// C structs and arrays that steps point to; freed together.
final class ArgumentMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  func copy<T>(_ value: T) -> UnsafePointer<T> { copy([value]) }

  func copy<T>(_ values: [T]) -> UnsafePointer<T> {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, MemoryLayout<T>.stride * values.count), alignment: 64)
    blocks.append(bytes)
    let typed = bytes.bindMemory(to: T.self, capacity: max(1, values.count))
    typed.initialize(from: values, count: values.count)
    return UnsafePointer(typed)
  }

  deinit { for block in blocks { block.deallocate() } }
}
