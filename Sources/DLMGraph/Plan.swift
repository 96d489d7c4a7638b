import DLMTensor

/// A graph made ready to run again and again: rewritten, laid out, fused, with every byte assigned.
///
/// Variables that are read or assigned are slots whose pointers are taken anew each run, so that the
/// tensor of a variable may be swapped between runs. A run allocates nothing.
package final class Plan {
  package let schedule: Schedule
  /// Variables in the order of their slots.
  package private(set) var variables: [Variable]
  /// Results of the graph, in the order of `Graph.outputs`; a run overwrites them.
  package let outputs: [Tensor]
  private let executable: any Executable
  private let slots: UnsafeMutablePointer<UnsafeMutableRawPointer>

  /// Plans `graph` for `backend`.
  ///
  /// - Throws: `SizeError` where there is no memory for the arena or the outputs.
  package init(_ graph: Graph, for backend: any Backend) throws {
    let draft = Draft(planning: graph, for: backend)
    outputs = try draft.outputs.map {
      try Tensor(zeros: Shape(draft.terms[$0].dims), draft.terms[$0].elementType)
    }
    variables = draft.variables
    schedule = try Scheduler(draft, for: backend).schedule()
    executable = try backend.prepare(schedule)
    let count = max(schedule.slotCount, 1)
    slots = .allocate(capacity: count)
    // Every slot points somewhere from the start; a plan without any keeps one unused entry.
    if schedule.slotCount == 0 { slots.initialize(to: UnsafeMutableRawPointer(slots)) }
    for (index, variable) in variables.enumerated() {
      (slots + index).initialize(to: variable.tensor.storage.pointer)
    }
    for (index, output) in outputs.enumerated() {
      (slots + variables.count + index).initialize(to: output.storage.pointer)
    }
  }

  /// Bytes that a plan of `graph` would need beside its variables; nothing is allocated.
  package static func peakBytes(of graph: Graph, for backend: any Backend) throws -> Int {
    let draft = Draft(planning: graph, for: backend)
    return try Scheduler(draft, for: backend).schedule().arenaByteCount
  }

  deinit { slots.deallocate() }

  /// Bytes of the arena: everything that a run needs beside its variables.
  package var peakBytes: Int { schedule.arenaByteCount }

  /// Bytes that the plan keeps between runs: the arena and what it gives.
  package var heldByteCount: Int { peakBytes + outputs.reduce(0) { $0 + $1.storage.byteCount } }

  /// Told what runs take, where somebody wants to know.
  package var profile: RunProfile? {
    get { executable.profile }
    set { executable.profile = newValue }
  }

  /// Asked from any thread whether to give up; only for a plan that assigns nothing.
  package var isCancelled: (@Sendable () -> Bool)? {
    get { executable.isCancelled }
    set { executable.isCancelled = newValue }
  }

  /// Runs once.
  ///
  /// - Parameters:
  ///   - seed: of the random streams.
  ///   - counter: which draw of each stream this run takes: the step.
  package func run(seed: UInt64 = 0, counter: UInt64 = 0) throws(ExecutionError) {
    let start = profile?.now ?? 0
    defer { profile?.recordRun(arenaByteCount: peakBytes, since: start) }
    for index in variables.indices { slots[index] = variables[index].tensor.storage.pointer }
    try executable.run(slots: UnsafePointer(slots), seed: seed, counter: counter)
  }

  /// The same plan on other variables of the same shapes.
  package func rebind(_ variables: [Variable]) { self.variables = variables }
}
