/// A schedule that runs once for each place along the first axis of some operands.
///
/// Slots of `body`: one for each input in the order of `roles`, then the next values of the carried
/// inputs, then what the body emits. Operands of the instruction are the inputs, dense: the first
/// value of what is carried, `[length, ...]` for elements, what every place sees of the captured.
/// Results, dense: for each carried input that `keepsHistory` its values `[length + 1, ...]`, the first
/// one included; for each that `keepsLast` the value after the last place; `[length, ...]` of each
/// emission; bytes for the body's arena and the carried values between places.
package struct LoopKernel: Hashable, Sendable {
  package enum Role: Hashable, Sendable { case carried, element, captured }

  package var body: Schedule
  package var roles: [Role]
  package var length: Int
  /// Places are visited from the last to the first.
  package var isReversed: Bool
  package var keepsHistory: [Bool]
  package var keepsLast: [Bool]
  /// Bytes of each carried value.
  package var carriedByteCounts: [Int]

  package init(
    body: Schedule, roles: [Role], length: Int, isReversed: Bool, keepsHistory: [Bool],
    keepsLast: [Bool], carriedByteCounts: [Int]
  ) {
    self.body = body
    self.roles = roles
    self.length = length
    self.isReversed = isReversed
    self.keepsHistory = keepsHistory
    self.keepsLast = keepsLast
    self.carriedByteCounts = carriedByteCounts
  }

  package var emissionCount: Int { body.slotCount - roles.count - keepsHistory.count }

  /// Where in the workspace each carried value has its two places, and the bytes of it all.
  package var workspace: (places: [Int], byteCount: Int) {
    var end = (body.arenaByteCount + 63) & ~63
    let places = carriedByteCounts.indices.map { index in
      defer { if !keepsHistory[index] { end += 2 * ((carriedByteCounts[index] + 63) & ~63) } }
      return end
    }
    return (places, end)
  }
}

/// Where the slots of a loop's body are at each place of a run.
package struct LoopMemory {
  private let kernel: LoopKernel
  /// Where each carried value lies before a place, by the number of places done.
  private let histories: [(start: UnsafeMutableRawPointer, isWhole: Bool)]
  private let inputs: [UnsafeMutableRawPointer]
  private let initial: [UnsafeMutableRawPointer]
  private let last: [UnsafeMutableRawPointer?]
  private let emissions: [UnsafeMutableRawPointer]
  /// Bytes from one place to the next, of inputs (0 if every place sees the same) and emissions.
  private let inputStrides: [Int]
  private let emissionStrides: [Int]
  /// The body's arena.
  package let arena: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - operands, results: those of the instruction, and where they begin in memory.
  package init(
    _ kernel: LoopKernel, operands: [(view: View, start: UnsafeMutableRawPointer)],
    results: [(view: View, start: UnsafeMutableRawPointer)]
  ) {
    self.kernel = kernel
    inputs = operands.map(\.start)
    inputStrides = zip(kernel.roles, operands).map { role, operand in
      role == .element ? operand.view.placeByteCount : 0
    }
    initial = zip(kernel.roles, inputs).filter { $0.0 == .carried }.map(\.1)
    arena = results[results.count - 1].start
    var next = 0
    func take() -> UnsafeMutableRawPointer {
      next += 1
      return results[next - 1].start
    }
    let places = kernel.workspace.places
    let base = arena
    histories = kernel.keepsHistory.enumerated().map { index, isWhole in
      (isWhole ? take() : base + places[index], isWhole)
    }
    last = kernel.keepsLast.map { $0 ? take() : nil }
    emissionStrides = results[next..<results.count - 1].map(\.view.placeByteCount)
    emissions = results[next..<results.count - 1].map(\.start)
  }

  /// Puts the first values where the first place reads them.
  package func begin() {
    for (index, start) in initial.enumerated() {
      carried(index, after: 0).copyMemory(
        from: start, byteCount: kernel.carriedByteCounts[index])
    }
  }

  /// Fills the slots for the place that is visited when `count` are done.
  package func fill(_ slots: UnsafeMutablePointer<UnsafeMutableRawPointer>, after count: Int) {
    let place = kernel.isReversed ? kernel.length - 1 - count : count
    var carriedIndex = 0
    for (index, role) in kernel.roles.enumerated() {
      if role == .carried {
        slots[index] = carried(carriedIndex, after: count)
        carriedIndex += 1
      } else {
        slots[index] = inputs[index] + place * inputStrides[index]
      }
    }
    var slot = kernel.roles.count
    for index in histories.indices {
      slots[slot] = carried(index, after: count + 1)
      slot += 1
    }
    for (start, stride) in zip(emissions, emissionStrides) {
      slots[slot] = start + place * stride
      slot += 1
    }
  }

  /// Puts the last values where they are wanted.
  package func finish() {
    for case (let index, let target?) in last.enumerated() {
      target.copyMemory(
        from: carried(index, after: kernel.length), byteCount: kernel.carriedByteCounts[index])
    }
  }

  private func carried(_ index: Int, after count: Int) -> UnsafeMutableRawPointer {
    let (start, isWhole) = histories[index]
    let bytes = kernel.carriedByteCounts[index]
    if isWhole { return start + (kernel.isReversed ? kernel.length - count : count) * bytes }
    return start + count % 2 * ((bytes + 63) & ~63)
  }
}

extension View {
  /// Bytes of what one place along the first axis holds.
  fileprivate var placeByteCount: Int { dims.dropFirst().reduce(1, *) * elementType.byteCount }
}
