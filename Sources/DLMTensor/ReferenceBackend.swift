import CDLMKernels

/// Runs schedules with plain loops in double precision: the definition of every kernel family, and what
/// fast backends are tested against. Slow on purpose.
package struct ReferenceBackend: Backend {
  package init() {}

  package var name: String { "reference" }

  package func preferredLayout(batch: Int, axes: Int, groups: Int) -> Layout { .rowMajor }

  package func prepare(_ schedule: Schedule) throws -> any Executable {
    try ReferenceExecutable(schedule)
  }
}

private final class ReferenceExecutable: Executable {
  private let schedule: Schedule
  private let arena: Storage
  private var firstEntry = 0
  var isCancelled: (@Sendable () -> Bool)?
  var profile: RunProfile? {
    didSet {
      let calls = schedule.instructions.map { (label: $0.label, line: $0.line) }
      firstEntry = profile?.add(calls) ?? 0
    }
  }

  init(_ schedule: Schedule) throws(SizeError) {
    self.schedule = schedule
    arena = try Storage(
      byteCount: schedule.arenaByteCount, for: [schedule.arenaByteCount], of: .u8)
  }

  func run(slots: UnsafePointer<UnsafeMutableRawPointer>, seed: UInt64, counter: UInt64)
    throws(ExecutionError)
  {
    for (index, instruction) in schedule.instructions.enumerated() {
      if isCancelled?() ?? false { throw .cancelled }
      let start = profile?.now ?? 0
      try Reference(arena: arena.pointer, slots: slots, seed: seed, counter: counter)
        .execute(instruction)
      profile?.record(firstEntry + index, since: start)
    }
  }
}

/// One run of the reference backend: memory and the state of the random streams.
package struct Reference {
  package var arena: UnsafeMutableRawPointer
  package var slots: UnsafePointer<UnsafeMutableRawPointer>
  package var seed: UInt64
  package var counter: UInt64

  package init(
    arena: UnsafeMutableRawPointer, slots: UnsafePointer<UnsafeMutableRawPointer>, seed: UInt64,
    counter: UInt64
  ) {
    self.arena = arena
    self.slots = slots
    self.seed = seed
    self.counter = counter
  }

  /// Runs one instruction; any strides, any element types.
  package func execute(_ instruction: Instruction) throws(ExecutionError) {
    let operands = instruction.operands.map(elements)
    let results = instruction.results.map(elements)
    switch instruction.kernel {
    case .map(let program):
      map(program, operands, results)
    case .reduce(let reduction, let program, let axes):
      reduce(reduction, program, axes, operands, results)
    case .indexOf(let extremum, let axis):
      indexOf(extremum, axis, operands[0], results[0])
    case .matmul(let epilogue):
      matmul(epilogue, operands, results)
    case .attention(let attention): self.attention(attention, operands, results)
    case .attentionGradient(let attention): attentionGradient(attention, operands, results)
    case .convolve, .convolveInputGradient, .convolveWeightGradient, .maxPool, .maxPoolScatter,
      .maxPoolGather, .meanPool, .meanPoolGradient:
      slideWindow(instruction.kernel, operands, results)
    case .gather, .scatterAdd, .pick, .place:
      try index(instruction.kernel, operands, results[0], label: instruction.label)
    case .random(let distribution, let stream, let fixed):
      draw(distribution, stream: stream, fixed: fixed, results[0])
    case .iota(let axis):
      results[0].forEachIndex { results[0][$0] = Double($0[axis]) }
    case .routine(let routine):
      try self.routine(routine, operands, results[0], label: instruction.label)
    case .loop(let kernel):
      try loop(kernel, operands, results)
    }
  }

  private func elements(_ view: View) -> Elements {
    let base: UnsafeMutableRawPointer =
      switch view.buffer {
      case .arena(let byteOffset): arena + byteOffset
      case .slot(let slot): slots[slot]
      }
    return Elements(view: view, base: base)
  }
}

/// The elements of a view, addressed by a multi-index and read and written as doubles.
struct Elements {
  let view: View
  let base: UnsafeMutableRawPointer

  var dims: [Int] { view.dims }

  subscript(index: [Int]) -> Double {
    get { self[at: position(index)] }
    nonmutating set { self[at: position(index)] = newValue }
  }

  /// The element at a position of memory.
  subscript(at position: Int) -> Double {
    get { view.elementType.load(base, at: position) }
    nonmutating set { view.elementType.store(newValue, to: base, at: position) }
  }

  func position(_ index: [Int]) -> Int {
    zip(index, view.strides).reduce(view.offset) { $0 + $1.0 * $1.1 }
  }

  /// Calls `body` with every index, the last axis fastest.
  func forEachIndex(_ body: ([Int]) -> Void) { DLMTensor.forEachIndex(of: dims, body) }
}

/// Calls `body` with every index of `dims`, the last axis fastest.
func forEachIndex(of dims: [Int], _ body: ([Int]) -> Void) {
  guard !dims.contains(0) else { return }
  var index = [Int](repeating: 0, count: dims.count)
  while true {
    body(index)
    var axis = dims.count - 1
    while axis >= 0, index[axis] == dims[axis] - 1 {
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
    index[axis] += 1
  }
}

extension ScalarProgram {
  /// The results for one element of each operand.
  func evaluate(_ inputs: [Double]) -> [Double] {
    var registers = inputs.map(domain.converted)
    for step in steps {
      switch step {
      case .constant(let value): registers.append(value)
      case .apply(let function, let operands):
        let arguments = operands.map { registers[$0] } + [0, 0]
        registers.append(
          dlm_function_reference(function, arguments[0], arguments[1], arguments[2]))
      }
    }
    return outputs.map { registers[$0] }
  }
}

extension ElementType {
  /// `value` as an element of this type holds it: what reading an operand into a domain does.
  fileprivate func converted(_ value: Double) -> Double {
    switch self {
    case .f64: value
    case .f32: Double(Float(value))
    case .i32, .i64, .u8, .bool, .f16, .bf16:
      withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { memory in
        guard let base = memory.baseAddress else { return value }
        store(value, to: base, at: 0)
        return load(base, at: 0)
      }
    }
  }
}
