import CDLMKernels
import DLMTensor

/// Turns instructions into C steps, one after the other.
struct Preparation {
  let backend: CPUBackend
  let arguments = ArgumentMemory()
  private(set) var segments: [Segment] = []
  /// Bytes that every thread needs, and bytes that all share, for the most demanding instruction.
  private(set) var scratchByteCount = 64
  private(set) var sharedByteCount = 64
  /// Bytes that loops keep from before their first place to after their last.
  private(set) var heldByteCount = 64

  /// Steps since the last instruction that has no kernel.
  private var pending: [dlm_step] = []
  /// Instructions so far, those of bodies of loops counted on.
  private(set) var calls: [(label: String, line: Int)] = []
  /// Shared scratch that the current instruction has taken so far.
  var sharedTaken = 0
  /// Memories that are the same at every place of the loop whose body is being prepared.
  private var invariantBases: Set<Int> = []
  /// Steps to be done once before that loop's first place.
  var prologue: [dlm_step] = []

  init(_ backend: CPUBackend) { self.backend = backend }

  var kernels: dlm_kernels { backend.kernels.pointee }

  mutating func add(_ instruction: Instruction) {
    calls.append((instruction.label, instruction.line))
    sharedTaken = 0
    guard instruction.results.contains(where: { $0.count > 0 }) else { return }
    if case .loop(let kernel) = instruction.kernel {
      finish()
      segments.append(.loop(loop(kernel, instruction)))
      return
    }
    let operands = instruction.operands.map(Memory.init)
    let results = instruction.results.map(Memory.init)
    guard let steps = steps(of: instruction.kernel, operands, results) else {
      finish()
      segments.append(.reference(instruction, number: Int(currentInstruction)))
      return
    }
    pending += steps
  }

  /// The steps of a kernel, or nil where only the reference can do it.
  private mutating func steps(of kernel: Kernel, _ operands: [Memory], _ results: [Memory])
    -> [dlm_step]?
  {
    switch kernel {
    case .map(let program): map(program, operands, results)
    case .reduce(let reduction, let program, let axes):
      reduce(reduction, program, axes, operands, results)
    case .indexOf(let extremum, let axis): indexOf(extremum, axis, operands[0], results[0])
    case .matmul(let epilogue):
      matmul(epilogue, operands, results)
        ?? (epilogue == nil ? matmulDouble(operands[0], operands[1], results[0]) : nil)
    case .attention(let attention): self.attention(attention, operands, results)
    case .attentionGradient(let attention): attentionGradient(attention, operands, results)
    case .convolve(let window, let groups, let layout, let epilogue):
      convolve(window, groups, layout, epilogue, operands, results)
        ?? (epilogue == nil
          ? convolveDouble(
            dlm_convolution_forward, window, groups: groups, layout, x: operands[0], operands[1],
            y: results[0]) : nil)
    case .convolveInputGradient(let window, let groups, let layout):
      convolveInputGradient(window, groups, layout, operands[0], operands[1], results[0])
        ?? convolveDouble(
          dlm_convolution_input, window, groups: groups, layout, x: results[0], operands[1],
          y: operands[0])
    case .convolveWeightGradient(let window, let groups, let layout, let absent):
      convolveWeightGradient(window, groups, layout, absent, operands[0], operands[1], results[0])
        ?? convolveDouble(
          dlm_convolution_weight, window, groups: groups, layout, x: operands[0], results[0],
          y: operands[1])
    case .maxPool(let window, let layout): pool(dlm_max_pool, window, layout, operands, results[0])
    case .maxPoolScatter(let window, let layout):
      pool(dlm_max_pool_scatter, window, layout, operands, results[0])
    case .maxPoolGather(let window, let layout):
      pool(dlm_max_pool_gather, window, layout, operands, results[0])
    case .meanPool(let window, let layout):
      pool(dlm_mean_pool, window, layout, operands, results[0])
    case .meanPoolGradient(let window, let layout):
      pool(dlm_mean_pool_gradient, window, layout, operands, results[0])
    case .gather: gather(operands[0], operands[1], results[0])
    case .scatterAdd: scatterAdd(operands[0], operands[1], results[0])
    case .pick: pick(operands[0], operands[1], results[0])
    case .place: place(operands[0], operands[1], results[0])
    case .random(let distribution, let stream, let fixed):
      random(distribution, stream: stream, fixed: fixed, results[0])
    case .iota(let axis): iota(axis: axis, results[0])
    case .routine(let routine): self.routine(routine, operands, results[0])
    case .loop: preconditionFailure("loops are segments of their own")
    }
  }

  /// A step whose `units` may be shared among threads where `cost`, in nanoseconds on one thread, makes
  /// up for telling them.
  mutating func step<Arguments>(
    _ work: dlm_work, _ arguments: Arguments, units: Int, cost: Double, scratch: Int = 0
  ) -> dlm_step {
    scratchByteCount = max(scratchByteCount, scratch)
    let piece = cost > Self.longestPiece ? Double(units) * Self.longestPiece / cost : Double(units)
    return dlm_step(
      work: work, arguments: UnsafeRawPointer(self.arguments.copy(arguments)), units: Int64(units),
      piece: max(1, Int64(piece)), instruction: currentInstruction, parallel: cost > 3000 ? 1 : 0)
  }

  /// Nanoseconds of work, about, between two times that a step asks whether to go on.
  private static var longestPiece: Double { 1e7 }

  /// The index of the instruction being prepared.
  var currentInstruction: Int32 { Int32(calls.count - 1) }

  /// Row-major scratch that lives from one step of the instruction to the next.
  mutating func takeShared(_ elementType: ElementType = .f32, dims: [Int]) -> Memory {
    let memory = Memory.shared(elementType, offset: sharedTaken, dims: dims)
    sharedTaken += (memory.byteCount + 127) & ~63
    sharedByteCount = max(sharedByteCount, sharedTaken)
    return memory
  }

  /// Row-major memory that the loop being prepared fills before its first place.
  mutating func takeHeld(dims: [Int]) -> Memory {
    var memory = Memory.shared(offset: heldByteCount, dims: dims)
    memory.base = Memory.held
    heldByteCount += (memory.byteCount + 127) & ~63
    return memory
  }

  /// Whether `memory` has the same contents at every place of the loop being prepared.
  func isInvariant(_ memory: Memory) -> Bool { invariantBases.contains(memory.base) }

  /// The body of a loop, prepared with the same scratch memory; its instructions are numbered on.
  private mutating func loop(_ kernel: LoopKernel, _ instruction: Instruction) -> LoopSegment {
    let outer = (segments, invariantBases, prologue)
    (segments, prologue) = ([], [])
    invariantBases = Set(
      kernel.roles.indices.filter { kernel.roles[$0] == .captured }
        .map { Memory.firstSlot + $0 })
    for inner in kernel.body.instructions { add(inner) }
    finish()
    let preparing: [Segment] =
      prologue.isEmpty ? [] : [.steps(arguments.copy(prologue), count: prologue.count)]
    defer { (segments, invariantBases, prologue) = outer }
    return LoopSegment(kernel, instruction, prologue: preparing, body: segments)
  }

  /// Closes the run of C steps; also to be called after the last instruction.
  mutating func finish() {
    guard !pending.isEmpty else { return }
    segments.append(.steps(arguments.copy(pending), count: pending.count))
    pending = []
  }
}
